package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.server.Admission.Answer.ADMITTED;
import static org.posthouse.server.Admission.Answer.CLIENT_FULL;
import static org.posthouse.server.Admission.Answer.LISTENER_FULL;

import org.junit.jupiter.api.Test;
import org.posthouse.policy.IpAddress;
import org.posthouse.sim.SimNetwork;

class AdmissionTest {
    @Test
    void countsInTotal() {
        var admission = new Admission(() -> 2);
        assertThat(admission.enter(ip("192.0.2.1"), 10)).isEqualTo(ADMITTED);
        assertThat(admission.enter(ip("192.0.2.2"), 10)).isEqualTo(ADMITTED);
        assertThat(admission.enter(ip("192.0.2.3"), 10)).isEqualTo(LISTENER_FULL);
        admission.leave(ip("192.0.2.1"));
        assertThat(admission.enter(ip("192.0.2.3"), 10)).isEqualTo(ADMITTED);
    }

    @Test
    void countsByClient() {
        var admission = new Admission(() -> 10);
        assertThat(admission.enter(ip("192.0.2.1"), 1)).isEqualTo(ADMITTED);
        assertThat(admission.enter(ip("192.0.2.1"), 1)).isEqualTo(CLIENT_FULL);
        assertThat(admission.enter(ip("192.0.2.2"), 1)).isEqualTo(ADMITTED);
        admission.leave(ip("192.0.2.1"));
        assertThat(admission.enter(ip("192.0.2.1"), 1)).isEqualTo(ADMITTED);
    }

    @Test
    void anIpv6ClientIsItsNetwork() {
        var admission = new Admission(() -> 10);
        assertThat(admission.enter(ip("2001:db8:0:1::1"), 1)).isEqualTo(ADMITTED);
        assertThat(admission.enter(ip("2001:db8:0:1:ffff::2"), 1)).isEqualTo(CLIENT_FULL);
        assertThat(admission.enter(ip("2001:db8:0:2::1"), 1)).isEqualTo(ADMITTED);
        admission.leave(ip("2001:db8:0:1::1"));
        assertThat(admission.enter(ip("2001:db8:0:1:ffff::2"), 1)).isEqualTo(ADMITTED);
    }

    @Test
    void anExemptClientIsCountedButNotLimited() {
        var admission = new Admission(() -> 3);
        for (int i = 0; i < 3; i++) {
            assertThat(admission.enter(ip("192.0.2.1"), Integer.MAX_VALUE)).isEqualTo(ADMITTED);
        }
        assertThat(admission.enter(ip("192.0.2.1"), Integer.MAX_VALUE)).isEqualTo(LISTENER_FULL);
        admission.leave(ip("192.0.2.1"));
        assertThat(admission.enter(ip("192.0.2.1"), 1)).isEqualTo(CLIENT_FULL);
    }

    private static IpAddress ip(String text) {
        return IpAddress.of(SimNetwork.address(text).getAddress());
    }
}
