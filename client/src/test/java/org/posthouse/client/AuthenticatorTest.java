package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.AccessTokens;
import org.posthouse.core.SaslMechanism;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Logins, as hosts ask for them. */
class AuthenticatorTest {
    private final ClientWorld world = new ClientWorld();
    private final List<String> asked = new ArrayList<>();

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void password(SaslMechanism how) {
        world.login = new Login.Password(how, "tim", "tanstaaftanstaaf", () -> "nonce");
    }

    private void token(SaslMechanism how, AccessTokens.Given... given) {
        world.login =
                new Login.Token(
                        how,
                        "tim",
                        refused -> {
                            asked.add(refused);
                            return given[asked.size() - 1];
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "LOGIN PLAIN CRAM-MD5, PLAIN",
        "CRAM-MD5 LOGIN, LOGIN",
        "PLAIN LOGIN SCRAM-SHA-256, SCRAM-SHA-256",
        "PLAIN SCRAM-SHA-256-PLUS, PLAIN"
    })
    void theStrongestThatIsOfferedIsTaken(String offered, String taken) throws Exception {
        password(SaslMechanism.AUTO);
        world.run(
                peer -> {
                    peer.offers("AUTH " + offered);
                    if (taken.startsWith("SCRAM")) {
                        peer.once("AUTH", "535 5.7.8 no");
                    } else if (taken.equals("LOGIN")) {
                        peer.once("AUTH", "334 VXNlcm5hbWU6");
                        peer.once("dGlt", "334 UGFzc3dvcmQ6");
                        peer.once("dGFuc3", "235 2.7.0 welcome");
                    }
                    world.opening();
                    assertThat(peer.commands())
                            .anyMatch(each -> (each + " ").startsWith("AUTH " + taken + " "));
                });
    }

    @ParameterizedTest
    @CsvSource({"AUTO, CRAM-MD5 GSSAPI XOAUTH2", "SCRAM_SHA_256, PLAIN LOGIN", "PLAIN, LOGIN"})
    void nothingWeakerThanAskedForIsTaken(SaslMechanism how, String offered) throws Exception {
        password(how);
        world.run(
                peer -> {
                    peer.offers("AUTH " + offered);
                    var refused = (Opening.NotOpened) world.opening();
                    assertThat(refused.stage()).isEqualTo(Stage.AUTH);
                    assertThat(refused.said()).isFalse();
                    assertThat(refused.reply().isTransient()).isTrue();
                    assertThat(peer.commands()).noneMatch(each -> each.startsWith("AUTH"));
                });
    }

    /** The example of RFC 2195. */
    @Test
    void cramMd5() throws Exception {
        password(SaslMechanism.CRAM_MD5);
        world.run(
                peer -> {
                    String challenge = "<1896.697170952@postoffice.reston.mci.net>";
                    String answer = base64("tim b913a602c7eda7a495b4e6e7334d3890");
                    peer.offers("AUTH CRAM-MD5").once("AUTH", "334 " + base64(challenge));
                    peer.once(answer, "235 2.7.0 welcome");
                    world.open();
                    assertThat(peer.commands()).contains("AUTH CRAM-MD5", answer);
                });
    }

    /** A host that says yes without its proof may be anybody. */
    @Test
    void aHostThatTakesScramWithoutAProofIsLeft() throws Exception {
        password(SaslMechanism.AUTO);
        world.run(
                peer -> {
                    peer.offers("AUTH SCRAM-SHA-256").once("AUTH", "235 2.7.0 welcome");
                    var refused = (Opening.NotOpened) world.opening();
                    assertThat(refused.said()).isFalse();
                    assertThat(refused.reply().toString()).contains("did not prove");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, XOAUTH2 OAUTHBEARER, OAUTHBEARER",
        "AUTO, XOAUTH2, XOAUTH2",
        "XOAUTH2, XOAUTH2 OAUTHBEARER, XOAUTH2"
    })
    void aTokenGoesAlong(SaslMechanism how, String offered, String taken) throws Exception {
        token(how, new AccessTokens.Given.Token("t0ken", true));
        world.run(
                peer -> {
                    peer.offers("AUTH " + offered);
                    world.open();
                    String words =
                            taken.equals("XOAUTH2")
                                    ? "user=tim\1auth=Bearer t0ken\1\1"
                                    : "n,a=tim,\1host=192.0.2.25\1port=25\1auth=Bearer t0ken\1\1";
                    assertThat(peer.commands()).contains("AUTH " + taken + " " + base64(words));
                });
    }

    /** RFC 4954 section 4: then the host has to ask for it. */
    @Test
    void aLongTokenIsAskedFor() throws Exception {
        String value = "x".repeat(2000);
        token(SaslMechanism.XOAUTH2, new AccessTokens.Given.Token(value, true));
        world.run(
                peer -> {
                    peer.offers("AUTH XOAUTH2").once("AUTH", "334 ");
                    peer.once("dXNlcj10aW0", "235 2.7.0 welcome");
                    world.open();
                    assertThat(peer.commands())
                            .contains(
                                    "AUTH XOAUTH2",
                                    base64("user=tim\1auth=Bearer " + value + "\1\1"));
                });
    }

    /** A refusal comes as a challenge, which has to be answered. */
    @ParameterizedTest
    @EnumSource(names = {"XOAUTH2", "OAUTHBEARER"})
    void aTokenThatWasKeptIsReplacedOnce(SaslMechanism how) throws Exception {
        token(
                how,
                new AccessTokens.Given.Token("stale", false),
                new AccessTokens.Given.Token("fresh", true));
        world.run(
                peer -> {
                    peer.once("GREETING", "220 hello")
                            .once("EHLO", "250-x\r\n250 AUTH " + how.word());
                    peer.once("AUTH", "334 eyJzdGF0dXMiOiI0MDEifQ==", "235 2.7.0 welcome");
                    peer.once("", "535 5.7.8 no");
                    world.open();
                    assertThat(asked).containsExactly("", "stale");
                    assertThat(peer.commands().get(2))
                            .isEqualTo(how == SaslMechanism.XOAUTH2 ? "" : "AQ==");
                });
    }

    @Test
    void aFreshTokenThatIsRefusedIsTheEnd() throws Exception {
        token(
                SaslMechanism.XOAUTH2,
                new AccessTokens.Given.Token("stale", false),
                new AccessTokens.Given.Token("fresh", true));
        world.run(
                peer -> {
                    peer.offers("AUTH XOAUTH2").always("AUTH", "535 5.7.8 no");
                    var refused = (Opening.NotOpened) world.opening();
                    assertThat(refused.said()).isTrue();
                    assertThat(refused.reply().code()).isEqualTo(535);
                    assertThat(asked).containsExactly("", "stale");
                });
    }

    @Test
    void withoutATokenNothingIsSaid() throws Exception {
        token(SaslMechanism.AUTO, new AccessTokens.Given.None("login.example answered 503"));
        world.run(
                peer -> {
                    peer.offers("AUTH XOAUTH2");
                    var refused = (Opening.NotOpened) world.opening();
                    assertThat(refused.said()).isFalse();
                    assertThat(refused.reply().isTransient()).isTrue();
                    assertThat(refused.reply().toString())
                            .contains("no access token: login.example answered 503");
                    assertThat(peer.commands()).noneMatch(each -> each.startsWith("AUTH"));
                });
    }

    @Test
    void aHostThatAsksAndAsksIsLeft() throws Exception {
        password(SaslMechanism.LOGIN);
        world.run(
                peer -> {
                    peer.offers("AUTH LOGIN").always("", "334 VXNlcm5hbWU6");
                    peer.once("GREETING", "220 hello").once("EHLO", "250-x\r\n250 AUTH LOGIN");
                    var refused = (Opening.NotOpened) world.opening();
                    assertThat(refused.said()).isFalse();
                    assertThat(peer.commands()).hasSizeLessThan(10);
                });
    }
}
