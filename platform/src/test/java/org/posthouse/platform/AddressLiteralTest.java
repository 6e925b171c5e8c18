package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:DB8::A, 2001:db8:0:0:0:0:0:a",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void readsAddresses(String text, String address) {
        assertThat(AddressLiteral.parse(text).orElseThrow().getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", "1..2.3", "1.2.3.4.",
                "a.b.c.d", "localhost", "1.2.3.-4", "1.2.3.4 ", "::g", ":::", "1::2::3",
                        "fe80::1%lo",
                "[::1]", "2001:db8:0:0:0:0:0:0:1", "١.2.3.4", "::１"
            })
    void refusesAllElse(String text) {
        assertThat(AddressLiteral.parse(text)).isEmpty();
    }
}
