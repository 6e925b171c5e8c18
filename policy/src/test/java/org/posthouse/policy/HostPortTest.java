package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.policy.Route.HostPort;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        "mx.example.net, mx.example.net, 25, mx.example.net:25",
        "mx.example.net:587, mx.example.net, 587, mx.example.net:587",
        "mail_sink:2525, mail_sink, 2525, mail_sink:2525",
        "192.0.2.1:1, 192.0.2.1, 1, 192.0.2.1:1",
        "[2001:db8::1], 2001:db8::1, 25, [2001:db8::1]:25",
        "[::1]:65535, ::1, 65535, [::1]:65535",
        "host., host., 25, host.:25",
    })
    void reads(String text, String host, int port, String printed) {
        assertThat(HostPort.parse(text, 25)).isEqualTo(new HostPort(host, port));
        assertThat(HostPort.parse(text, 25)).hasToString(printed);
        assertThat(HostPort.parse(printed, 99)).isEqualTo(new HostPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":25",
                "host:",
                "host:0",
                "host:65536",
                "host:x",
                "host:+1",
                "host:100000",
                "host:25:25",
                "::1",
                "2001:db8::1",
                "[::1",
                "[]",
                "[]:25",
                "[::1]25",
                "[::1]:",
                "[host]:25",
                "[192.0.2.1]",
                "ho st",
                "host/x",
                "a..b",
                ".a",
                "-a",
                "a@b",
                "gr\u00fcn"
            })
    void refusesWhatIsNoHostAndPort(String text) {
        assertThatThrownBy(() -> HostPort.parse(text, 25))
                .as(text)
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void boundsNames() {
        assertThat(HostPort.parse("x".repeat(63), 25).port()).isEqualTo(25);
        assertThatThrownBy(() -> HostPort.parse("x".repeat(64), 25))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostPort.parse("x.".repeat(128), 25))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
