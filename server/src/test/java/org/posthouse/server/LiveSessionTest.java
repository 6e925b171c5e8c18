package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.policy.IpAddress;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

class LiveSessionTest {
    private static final ListenerSettings SETTINGS =
            ListenerSettings.builder("public", Stage.ADDRESS, "mx.example").build();

    /** Else a front end's connections would never end, where they are counted. */
    @Test
    void aConnectionEndsAsWhatItBegan() {
        var live = new LiveSession(1, SETTINGS, new FakeConnection(), new SimPlatform(1).time());
        IpAddress peer = live.clientAddress();
        assertThat(live.countedAs()).isEqualTo(peer);
        live.comesFrom(SimNetwork.socket("203.0.113.7", 25));
        assertThat(live.countedAs()).isEqualTo(live.clientAddress()).isNotEqualTo(peer);
        IpAddress proxied = live.clientAddress();
        live.passesOn(SimNetwork.socket("203.0.113.8", 25));
        assertThat(live.countedAs()).isEqualTo(proxied);
        assertThat(live.clientAddress()).isEqualTo(IpAddress.parse("203.0.113.8"));
    }
}
