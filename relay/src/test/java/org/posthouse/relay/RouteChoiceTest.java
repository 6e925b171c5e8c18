package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.AccessTokens;
import org.posthouse.core.Origin;
import org.posthouse.core.SaslMechanism;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.HostPort;
import org.posthouse.policy.Route.TlsMode;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Routes by whose mail it is, and logins by token. */
class RouteChoiceTest {
    private static final Hop OFF = World.hop(TlsMode.OFF, 2);
    private static final List<AddressPattern> ALL = List.of(new AddressPattern("*"));

    private final World world = new World();

    private static Route to(String address, Route.Senders from) {
        var host = List.of(new HostPort(address, 25));
        return new Route("to " + address, ALL, from, Route.Smarthost.of(host, OFF), "");
    }

    @Test
    void reversePathAndLoginOfWhatWaitsChooseTheRoute() {
        var news =
                new Route.Senders(
                        false, List.of(new AddressPattern("news@us.example")), true, List.of());
        var ada = new Route.Senders(true, List.of(), false, List.of("ada"));
        world.rules =
                World.rules(
                        to("192.0.2.1", news),
                        to("192.0.2.2", ada),
                        to("192.0.2.3", Route.Senders.ANY));
        world.run(
                () -> {
                    var first = world.peer("192.0.2.1");
                    var second = world.peer("192.0.2.2");
                    var third = world.peer("192.0.2.3");
                    world.sendFrom("news@us.example", "a@x.example");
                    world.send("b@x.example");
                    world.send(
                            new Origin("public", "203.0.113.5", "c.example", "eve", "ESMTPSA"),
                            "c@x.example");
                    world.sim.settle();
                    assertThat(first.received().getFirst().rcpts())
                            .hasToString("[RCPT TO:<a@x.example>]");
                    assertThat(second.received().getFirst().rcpts())
                            .hasToString("[RCPT TO:<b@x.example>]");
                    assertThat(third.received().getFirst().rcpts())
                            .hasToString("[RCPT TO:<c@x.example>]");
                });
    }

    @Test
    void withoutATokenMailWaitsAndIsNeverGivenUpForIt() {
        var isDown = new AtomicBoolean(true);
        AccessTokens tokens =
                refused ->
                        isDown.get()
                                ? new AccessTokens.Given.None("login.example answered 503")
                                : new AccessTokens.Given.Token("t0ken", true);
        var login = Route.Credentials.of("ada", tokens, SaslMechanism.XOAUTH2);
        var peer = new Route.Peer(new HostPort("192.0.2.1", 25), 1, 1, TlsMode.OFF, login);
        world.rules = World.rules(World.route("smart", new Route.Smarthost(List.of(peer), OFF)));
        world.run(
                () -> {
                    var host = world.peer("192.0.2.1").offers("AUTH XOAUTH2");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.deferred().getFirst().reply().toString())
                            .contains("no access token: login.example answered 503");
                    assertThat(host.commands()).noneMatch(each -> each.startsWith("AUTH"));
                    isDown.set(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(host.received()).hasSize(1);
                });
    }

    @Test
    void aTokenThatTheHostRefusesMakesMailWaitToo() {
        AccessTokens tokens = refused -> new AccessTokens.Given.Token("t0ken", true);
        var login = Route.Credentials.of("ada", tokens, SaslMechanism.AUTO);
        var peer = new Route.Peer(new HostPort("192.0.2.1", 25), 1, 1, TlsMode.OFF, login);
        world.rules = World.rules(World.route("smart", new Route.Smarthost(List.of(peer), OFF)));
        world.run(
                () -> {
                    var host = world.peer("192.0.2.1").offers("AUTH OAUTHBEARER");
                    host.always("AUTH", "535 5.7.8 no");
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.failed()).isEmpty();
                    assertThat(world.deferred()).isNotEmpty();
                    host.heal("AUTH");
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(host.received()).hasSize(1);
                });
    }
}
