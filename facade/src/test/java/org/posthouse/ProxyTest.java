package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Relaying through a listener with proxies: a stranger never gets the rights of another address.
 */
class ProxyTest {
    private static final String PROXY = "192.0.2.80";
    private static final String STRANGER = "203.0.113.9";
    private static final String REFUSED = "553 5.7.1 sorry, we do not relay (PH-R101)";

    private final World world = new World();

    @Test
    void aStrangerBehindTheProxyHasNotTheRightsOfTheProxy() {
        world.with(builder(PROXY), mail -> relay(PROXY, header(STRANGER), REFUSED));
    }

    @Test
    void aStrangerWhoForgesAHeaderIsClosed() {
        world.with(
                builder("10.0.0.1"),
                mail ->
                        world.play(
                                STRANGER,
                                """
                                S: 220 *
                                C: PROXY TCP4 10.0.0.1 192.0.2.1 4000 25
                                S: 554 5.7.0 *
                                """));
    }

    @Test
    void aClientBehindTheProxyRelaysByItsOwnAddress() {
        world.with(builder("10.0.0.1"), mail -> relay(PROXY, header("10.0.0.1"), "250 *"));
    }

    @Test
    void proxiesAreNotTheInternet() {
        var builder = world.builder().listen(World.HERE, to -> to.name("x").proxy("0.0.0.0/0"));
        assertThat(builder.problems()).anyMatch(p -> p.code().equals("PH-C032"));
    }

    private PosthouseBuilder builder(String mayRelay) {
        return Posthouse.builder()
                .platform(world.sim)
                .data(World.DATA)
                .hostname("mail.shop.example")
                .local("shop.example")
                .relay(rule -> rule.clients(mayRelay))
                .listen(World.HERE, to -> to.name("public").proxy(PROXY + "/32"));
    }

    private static String header(String client) {
        return "C: PROXY TCP4 " + client + " 192.0.2.1 4000 25\n";
    }

    private void relay(String from, String header, String reply) {
        world.play(
                from,
                header
                        + """
                        S: 220 *
                        C: HELO client.example
                        S: 250 *
                        C: MAIL FROM:<a@client.example>
                        S: 250 *
                        C: RCPT TO:<bob@far.example>
                        S: %s
                        C: QUIT
                        S: 221 *
                        """
                                .formatted(reply));
    }
}
