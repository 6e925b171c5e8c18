package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.SaslMechanism;

import java.nio.charset.StandardCharsets;

/** The example of RFC 7677 section 3, and hosts that are not what they should be. */
class ScramClientTest {
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
                    + "i=4096";

    private static ScramClient client(ScramClient.Binding binding) {
        String nonce = "rOprNGfwEbeRWgbNEkqO";
        var login = new Login.Password(SaslMechanism.SCRAM_SHA_256, "user", "pencil", () -> nonce);
        return new ScramClient(login, nonce, binding);
    }

    private static String said(ScramClient client, String challenge) throws SaslClient.Broken {
        byte[] octets = challenge.getBytes(StandardCharsets.UTF_8);
        return new String(client.answer(octets), StandardCharsets.UTF_8);
    }

    @Test
    void theExampleOfTheRfc() throws SaslClient.Broken {
        ScramClient client = client(ScramClient.Binding.NONE);
        assertThat(client.isFirst()).isTrue();
        assertThat(said(client, "")).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(said(client, SERVER_FIRST))
                .isEqualTo(
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(client.isComplete()).isFalse();
        assertThat(said(client, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")).isEmpty();
        assertThat(client.isComplete()).isTrue();
        assertThatThrownBy(() -> said(client, "")).isInstanceOf(SaslClient.Broken.class);
    }

    @Test
    void itIsBoundToTheConnectionOrSaysThatItCouldBe() throws SaslClient.Broken {
        var bound = client(ScramClient.Binding.of(new byte[] {1, 2, 3}));
        assertThat(said(bound, "")).startsWith("p=tls-server-end-point,,n=user");
        assertThat(said(bound, SERVER_FIRST)).startsWith("c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAQID,");
        var could = client(ScramClient.Binding.NOT_OFFERED);
        assertThat(said(could, "")).startsWith("y,,n=user");
        assertThat(said(could, SERVER_FIRST)).startsWith("c=eSws,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                "v=",
                "v=!",
                "e=invalid-proof",
                ""
            })
    void aHostThatDoesNotKnowThePasswordIsFoundOut(String last) throws SaslClient.Broken {
        ScramClient client = client(ScramClient.Binding.NONE);
        said(client, "");
        said(client, SERVER_FIRST);
        assertThatThrownBy(() -> said(client, last)).isInstanceOf(SaslClient.Broken.class);
        assertThat(client.isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=xOprNGfwEbeRWgbNEkqOmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095",
                "r=rOprNGfwEbeRWgbNEkqOmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
                "r=rOprNGfwEbeRWgbNEkqOmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999",
                "r=rOprNGfwEbeRWgbNEkqOmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1",
                "r=rOprNGfwEbeRWgbNEkqOmore,s=,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOmore,s=?,i=4096",
                "m=ext,r=rOprNGfwEbeRWgbNEkqOmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "e=other-error"
            })
    void wrongFirstWordsGetNoProof(String first) throws SaslClient.Broken {
        ScramClient client = client(ScramClient.Binding.NONE);
        said(client, "");
        assertThatThrownBy(() -> said(client, first)).isInstanceOf(SaslClient.Broken.class);
    }
}
