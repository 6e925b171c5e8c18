package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.Saslprep;
import org.posthouse.server.SaslExchange.Step;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** SCRAM by the example of RFC 7677 section 3, and everything that differs from it. */
class ScramExchangeTest {
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String FIRST = "n,,n=user,r=" + CLIENT_NONCE;
    private static final String SERVER_FIRST =
            "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String FINAL = "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=" + PROOF;
    private static final ScramSecret SECRET =
            ScramSecret.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private static ScramExchange exchange(boolean isPlus, boolean isPlusOffered) {
        return new ScramExchange(
                isPlus,
                isPlusOffered,
                new byte[] {1, 2, 3},
                SERVER_NONCE,
                login -> login.equals("user") ? SECRET : ScramSecret.ofNobody(new byte[] {7}));
    }

    private static Step answer(SaslExchange exchange, String text) {
        return exchange.answer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String challenge(Step step) {
        return new String(((Step.Challenge) step).octets(), StandardCharsets.UTF_8);
    }

    @Test
    void theExampleOfTheRfc() {
        ScramExchange exchange = exchange(false, false);
        assertThat(challenge(exchange.begin())).isEmpty();
        assertThat(challenge(answer(exchange, FIRST))).isEqualTo(SERVER_FIRST);
        assertThat(challenge(answer(exchange, FINAL)))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(answer(exchange, "")).isEqualTo(new Step.Proved("user"));
    }

    @Test
    void theSecretHasTheTextOfOthers() {
        assertThat(SECRET.text())
                .isEqualTo(
                        "4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
                            + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
        ScramSecret read = ScramSecret.parse(SECRET.text()).orElseThrow();
        assertThat(read.matches("pencil")).isTrue();
        assertThat(read.matches("Pencil")).isFalse();
        assertThat(read.matches("")).isFalse();
        assertThat(read.text()).isEqualTo(SECRET.text());
        assertThat(read).hasToString("ScramSecret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4096,x,y",
                "0,W22Z,QQ==,QQ==",
                "4096,,QQ==,QQ==",
                "a,b,c,d",
                "1,2,3,4,5"
            })
    void whatIsNoSecretIsNotRead(String text) {
        assertThat(ScramSecret.parse(text)).isEmpty();
    }

    @Test
    void whatFollowsTheServersSignatureIsNothing() {
        ScramExchange exchange = exchange(false, false);
        answer(exchange, FIRST);
        answer(exchange, FINAL);
        assertThat(answer(exchange, "x")).isInstanceOf(Step.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,,",
                "n,,n=user",
                "n,,n=user,r=",
                "n,,r=abc,n=user",
                "x,,n=user,r=abc",
                "n,,n=,r=abc",
                "n,,n=us=er,r=abc",
                "n,,m=ext,n=user,r=abc",
                "n,,n=user,r=a b",
                "n,,n=us\0er,r=abc",
                "n,,n=user,r=\u00fc"
            })
    void aBrokenFirstMessage(String text) {
        assertThat(answer(exchange(false, false), text)).isInstanceOf(Step.Broken.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // binding: asked for without -PLUS, missing with -PLUS, of another type
                "false|false|p=tls-server-end-point,,n=user,r=abc",
                "true|true|n,,n=user,r=abc",
                "true|true|p=tls-unique,,n=user,r=abc",
                // the client could bind and was told that we can't: somebody is between us
                "false|true|y,,n=user,r=abc",
                // somebody else's identity
                "false|false|n,a=root,n=user,r=abc",
                "false|false|n,root,n=user,r=abc",
            })
    void aRefusedFirstMessage(boolean isPlus, boolean isPlusOffered, String text) {
        assertThat(answer(exchange(isPlus, isPlusOffered), text))
                .isEqualTo(new Step.Refused("user"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n,a=user,n=user,r=abc",
                "y,,n=user,r=abc",
                "n,,n=user,r=abc,ext=1",
                "n,,n=us\u00ader,r=abc"
            })
    void aGoodFirstMessage(String text) {
        assertThat(challenge(answer(exchange(false, false), text)))
                .startsWith("r=abc" + SERVER_NONCE + ",s=W22Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c=biws", "c=biws,r=x", "c=biws,r=x,p=!", "r=x,c=biws,p=AA=="})
    void aBrokenLastMessage(String text) {
        ScramExchange exchange = exchange(false, false);
        answer(exchange, FIRST);
        assertThat(answer(exchange, text)).isInstanceOf(Step.Broken.class);
    }

    @Test
    void aWrongProofBindingOrNonceIsRefused() {
        for (String wrong :
                new String[] {
                    FINAL.replace("p=d", "p=e"),
                    FINAL.replace("c=biws", "c=eSws"),
                    FINAL.replace("r=r", "r=s"),
                    FINAL.replace(PROOF, "AA==")
                }) {
            ScramExchange exchange = exchange(false, false);
            answer(exchange, FIRST);
            assertThat(answer(exchange, wrong)).as(wrong).isEqualTo(new Step.Refused("user"));
        }
    }

    @Test
    void nobodyIsAskedLikeAnybodyAndNeverGetsIn() {
        ScramExchange exchange = exchange(false, false);
        assertThat(challenge(answer(exchange, FIRST.replace("user", "other"))))
                .startsWith("r=" + CLIENT_NONCE + SERVER_NONCE + ",s=Bw==,i=" + ScramSecret.ROUNDS);
        assertThat(answer(exchange, FINAL)).isEqualTo(new Step.Refused("other"));
    }

    @Test
    void plusBindsToTheCertificate() {
        for (byte[] seen : new byte[][] {{1, 2, 3}, {1, 2, 4}}) {
            ScramExchange exchange = exchange(true, true);
            String header = "p=tls-server-end-point,,";
            String bare = "n=user,r=abc";
            String serverFirst = challenge(answer(exchange, header + bare));
            byte[] octets = (header + "...").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(seen, 0, octets, octets.length - 3, 3);
            String withoutProof =
                    "c=" + Base64.getEncoder().encodeToString(octets) + ",r=abc" + SERVER_NONCE;
            byte[] key = clientKey(bare + "," + serverFirst + "," + withoutProof);
            Step step =
                    answer(
                            exchange,
                            withoutProof + ",p=" + Base64.getEncoder().encodeToString(key));
            if (seen[2] == 3) {
                assertThat(challenge(step)).startsWith("v=");
                assertThat(answer(exchange, "")).isEqualTo(new Step.Proved("user"));
            } else {
                assertThat(step).isEqualTo(new Step.Refused("user"));
            }
        }
    }

    /** The proof of who knows the password, made as a client makes it. */
    private static byte[] clientKey(String authMessage) {
        byte[] message = authMessage.getBytes(StandardCharsets.UTF_8);
        byte[] signature = SECRET.clientSignature(message);
        byte[] key = Base64.getDecoder().decode("pg/JI9Z+hkSpLRa5btpe9GVrDHJcSEN0viVTVXaZbos=");
        assertThat(SECRET.isOfClientKey(key)).isTrue();
        for (int i = 0; i < key.length; i++) {
            signature[i] ^= key[i];
        }
        return signature;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I\u00adX|IX",
                "user|user",
                "USER|USER",
                "\u00aa|a",
                "\u2168|IX",
                "a\u00a0b|a b"
            })
    void saslprep(String text, String expected) {
        assertThat(Saslprep.prepare(text)).isEqualTo(Optional.of(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0007\u00fc", "\u0627\u0031", "a\u0627", "\ue000", "\u200e\u00fc"})
    void saslprepRefuses(String text) {
        assertThat(Saslprep.prepare(text)).isEmpty();
    }
}
