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
        assertThat(Checking.report(resource("bad.toml"))).isEqualTo(resource("bad.txt"));
    }

    @Test
    void whatIsNotTomlIsToldToo() {
        assertThat(
                        Checking.report(
                                "hostname = \n[listener.in\nbind=\"127.0.0.1:25\"\ndata = \"x\"\n"))
                .isEqualTo(
                        """
                        error[PH-C011]: this is not TOML
                           posthouse.toml:1:12
                              1 | hostname =\u0020
                                |            ^ Unexpected end of line, expected a value
                           help: posthouse help PH-C011

                        error[PH-C011]: this is not TOML
                           posthouse.toml:2:13
                              1 | hostname =\u0020
                              2 | [listener.in
                                |             ^ Unexpected end of line, expected . or ]
                           help: posthouse help PH-C011

                        2 errors.
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
