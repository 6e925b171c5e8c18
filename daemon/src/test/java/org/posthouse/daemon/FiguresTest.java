package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 octets",
        "1, 1 octet",
        "999, 999 octets",
        "1000, 1.0 kB",
        "65536, 65.5 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "67108864, 67.1 MB",
        "9223372036854775807, 9.2 EB"
    })
    void octets(long octets, String text) {
        assertThat(Figures.octets(octets)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 messages",
        "1, 1 message",
        "999, 999 messages",
        "1234567, 1 234 567 messages"
    })
    void counts(long count, String text) {
        assertThat(Figures.count(count, "message", "messages")).isEqualTo(text);
    }
}
