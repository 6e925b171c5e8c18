package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

class MachineNameTest {
    @ParameterizedTest
    @CsvSource({
        "'Box\n', box",
        "mail.shop.example, mail.shop.example",
        "my_box, localhost",
        "-x, localhost",
        "a..b, localhost",
        "'', localhost",
    })
    void aNameThatIsNoHostNameIsNotUsed(String name, String expected) {
        assertThat(MachineName.checked(name)).isEqualTo(expected);
    }

    @Test
    void thisMachineHasAName() {
        assertThat(MachineName.find(Map.of())).isNotEmpty();
    }
}
