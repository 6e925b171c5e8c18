package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.ReversePath;

import java.time.Duration;

/** Failures that nobody is told of, and those that the postmaster hears of, too. */
class CopiesTest {
    private final World world = new World();

    private void refusing(String domain, String address) {
        world.exchanger(domain, 10, "mx." + domain, address)
                .always("RCPT", "550 5.1.1 nobody here");
    }

    @Test
    void aReportThatFailsIsDroppedWithAnEvent() {
        world.run(
                () -> {
                    refusing("x.example", "192.0.2.25");
                    refusing("them.example", "192.0.2.26");
                    world.sendFrom("eve@them.example", "bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.events(MailEvent.Unreported.class))
                            .singleElement()
                            .satisfies(
                                    e -> {
                                        assertThat(e.recipient().address())
                                                .isEqualTo("eve@them.example");
                                        assertThat(e.reply().code()).isEqualTo(550);
                                    });
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void thePostmasterHearsOfAllFailuresButThoseOfOurReports() {
        world.copiesTo("postmaster@us.example");
        world.run(
                () -> {
                    refusing("x.example", "192.0.2.25");
                    refusing("them.example", "192.0.2.26");
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.stored)
                            .extracting(World.Stored::recipient)
                            .containsExactlyInAnyOrder(World.SENDER, "postmaster@us.example");
                    world.stored.clear();
                    world.sendFrom("eve@them.example", "bob@x.example");
                    var none = World.recipients("ben@x.example");
                    world.send(ReversePath.NULL, MailOptions.NONE, none);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(world.stored)
                            .extracting(World.Stored::recipient)
                            .containsExactly("postmaster@us.example", "postmaster@us.example");
                    assertThat(world.events(MailEvent.Unreported.class)).hasSize(2);
                });
    }

    /** It must not go round. */
    @Test
    void aCopyThatFailsIsTheEnd() {
        world.copiesTo("postmaster@them.example");
        world.run(
                () -> {
                    refusing("x.example", "192.0.2.25");
                    refusing("them.example", "192.0.2.26");
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofDays(2));
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.failed()).hasSize(2);
                });
    }
}
