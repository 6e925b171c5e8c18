package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

class ReportTest {
    @Test
    void aFileWithManyErrorsIsToldAllOfThem() throws IOException {
        Golden.check(
                "daemon/src/test/resources/org/posthouse/daemon/config/bad.txt",
                Checking.report(resource("bad.toml")));
    }

    @Test
    void whatIsNotTomlIsToldToo() {
        assertThat(Checking.report("hostname =\n[listener.in\nbind=\"127.0.0.1:25\"\n"))
                .isEqualTo(
                        """
                        error[PH-C011]: this is not TOML
                           posthouse.toml:1:11
                              1 | hostname =
                                |           ^ Unexpected end of line, expected a value
                           help: posthouse help PH-C011

                        error[PH-C011]: this is not TOML
                           posthouse.toml:2:13
                              1 | hostname =
                              2 | [listener.in
                                |             ^ Unexpected end of line, expected ]
                           help: posthouse help PH-C011

                        2 errors.
                        """);
    }

    @Test
    void anOpenRelayIsShownWithItsFix() {
        assertThat(Checking.report(Checking.LISTENER + "[[relay]]\nclients = [\"0.0.0.0/0\"]\n"))
                .isEqualTo(
                        """
                        error[PH-C031]: this rule makes you an open relay
                           posthouse.toml:4:11
                              3 | [[relay]]
                              4 | clients = ["0.0.0.0/0"]
                                |           ^^^^^^^^^^^^^ the networks together cover all of the internet's IPv4 addresses
                           fix: list your networks, or require a login:  auth = true
                           If you really mean it, set  open_relay = "yes, I understand"  in this rule.
                           help: posthouse help PH-C031

                        1 error.
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[route]]\n"
                        + "via=\"smarthost\"\n"
                        + "host=\"h\"\n"
                        + "auth = { user = \"x\", password = \"hunter2\" }\n",
                "[[route]]\n"
                        + "via=\"smarthost\"\n"
                        + "host=\"h\"\n"
                        + "auth = { password = 'hunter2', user = 7 }\n",
                "[[route]]\n"
                        + "via=\"smarthost\"\n"
                        + "host=\"h\"\n"
                        + "auth.password = \"hunter2\"\n"
                        + "auth.usr = \"x\"\n",
                "[[route]]\nauth = { user = \"x\", token = \"hunter2\" }\nvio = 1\n",
                "password = \"hunter2\nx = 1\n",
            })
    void aSecretInTheFileIsNotShown(String text) {
        assertThat(Checking.report(text + Checking.LISTENER))
                .contains("error[")
                .doesNotContain("hunter2");
    }

    @Test
    void theCaretStaysUnderItsTextBehindAHiddenSecret() {
        String report =
                Checking.report(
                        Checking.LISTENER
                                + "[[route]]\nvia=\"smarthost\"\nhost=\"h\"\n"
                                + "auth = { password = \"a long secret\", usr = \"x\" }\n");
        assertThat(report)
                .contains(
                        """
                              6 | auth = { password = "***", usr = "x" }
                                |                            ^^^ did you mean `user`? (now none, the default)
                        """);
    }

    static String resource(String name) throws IOException {
        try (InputStream in = ReportTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
