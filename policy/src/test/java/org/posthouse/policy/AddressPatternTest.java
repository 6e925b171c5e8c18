package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

class AddressPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, ada@example.net, true",
        "*, , true",
        "*@example.net, ada@Example.Net, true",
        "*@Example.Net, ada@example.net, true",
        "*@example.net, ada@sub.example.net, false",
        "*@example.net, ada@notexample.net, false",
        "*@example.net, , false",
        "*@*.example.net, ada@sub.example.net, true",
        "*@*.Example.net, ada@a.b.example.net, true",
        "*@*.example.net, ada@example.net, false",
        "*@*.example.net, ada@notexample.net, false",
        "*@*.example.net, , false",
        "ada@example.net, ADA@example.net, true",
        "Ada@example.net, ada@example.net, true",
        "ada@example.net, ada+x@example.net, false",
        "ada@example.net, bob@example.net, false",
        "ada@example.net, ada@example.org, false",
        "ada@example.net, , false",
        "*@[192.0.2.1], ada@[192.0.2.1], true",
        "kate@example.net, \u212Aate@example.net, false",
        "'\"a b\"@example.net', '\"A B\"@example.net', true",
    })
    void matches(String pattern, String address, boolean expected) {
        ReversePath path = address == null ? ReversePath.NULL : Mailbox.parse(address);
        assertThat(new AddressPattern(pattern).matches(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "**",
                "@",
                "*@",
                "*@*",
                "*@*.",
                "*example.net",
                "example.net",
                "@example.net",
                "ada@*.example.net",
                "*@*.[192.0.2.1]",
                "*@.example.net",
                "*@exa mple",
                "a*b@",
                "*@*.*.example.net",
                "*@example.net "
            })
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> new AddressPattern(pattern))
                .as(pattern)
                .isInstanceOf(IllegalArgumentException.class);
    }
}
