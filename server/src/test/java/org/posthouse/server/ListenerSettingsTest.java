package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;

final class ListenerSettingsTest {
    @Test
    void clearTextLoginsAreForLoopbackAlone() {
        for (String address : new String[] {"0.0.0.0", "192.0.2.1", "::"}) {
            ListenerSettings.Builder far = builder(address).takesClearTextLogins(true);
            assertThatThrownBy(far::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("loopback only");
        }
        assertThat(builder("0.0.0.0").build().takesClearTextLogins()).isFalse();
        assertThat(builder("::1").takesClearTextLogins(true).build().takesClearTextLogins())
                .isTrue();
    }

    private static ListenerSettings.Builder builder(String address) {
        return ListenerSettings.builder("x", new InetSocketAddress(address, 0), "mx.example");
    }
}
