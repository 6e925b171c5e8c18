package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every kind of client with every way to write a recipient that has ever fooled a server: what is
 * not ours leaves only for whom a rule names, whatever it is made to look like.
 */
class RelayMatrixTest {
    /** Who may not relay. */
    private static final List<String> STRANGERS =
            List.of("203.0.113.9", "127.0.0.1", "10.21.0.1", "10.19.255.255", "192.0.2.1");

    private static final String APP = "10.20.4.7";

    /** Addresses outside, in all clothes. */
    private static final List<String> OUTSIDE =
            List.of(
                    "<ada@far.example>",
                    "<ADA@FAR.EXAMPLE>",
                    "<@shop.example:ada@far.example>",
                    "<@shop.example,@mail.shop.example:ada@far.example>",
                    "<\"ada\"@far.example>",
                    "<\"a@shop.example\"@far.example>",
                    "<ada%shop.example@far.example>",
                    "<shop.example!ada@far.example>",
                    "<ada@sub.shop.example>",
                    "<ada@xshop.example>",
                    "<ada@shop.example.far.example>",
                    "<ada@shopexample>",
                    "<ada@example>",
                    "<ada@[198.51.100.1]>",
                    "<ada@[IPv6:2001:db8::1]>");

    /** What looks like an address outside and is a local part of ours. */
    private static final List<String> INSIDE =
            List.of(
                    "<ada%far.example@shop.example>",
                    "<\"ada@far.example\"@shop.example>",
                    "<far.example!ada@shop.example>",
                    "<\"ada%far.example\"@shop.example>",
                    "<@far.example:ada@shop.example>",
                    "<ada@Shop.EXAMPLE>",
                    "<postmaster>",
                    "<Postmaster>");

    /** What is no address. */
    private static final List<String> BROKEN =
            List.of(
                    "<ada@shop.example@far.example>",
                    "<ada@far.example,bob@shop.example>",
                    "<ada@shop.example>,<ada@far.example>",
                    "<ada@shop.example> <ada@far.example>",
                    "<ada@shop.example\\@far.example>",
                    "<\"ada@shop.example>",
                    "<ada@far.example\\n>",
                    "<ada@shop.example:far.example>",
                    "<ada@[shop.example]>",
                    "<ada@far.example.>",
                    "<ada@.shop.example>",
                    "<ada@shop..example>",
                    "<ada>",
                    "<@shop.example>",
                    "<>",
                    "<ada@>",
                    "<ada%far.example>",
                    "<far.example!ada>");

    private final World world = new World();

    private PosthouseBuilder builder() {
        world.sim.dns().mx("far.example", 10, "mx.far.example");
        world.sim.dns().address("mx.far.example", "198.51.100.1");
        return world.builder().relay(r -> r.name("apps").clients("10.20.0.0/16"));
    }

    private void ask(String client, List<String> paths, String reply) {
        var dialogue = new StringBuilder("S: 220 *\nC: HELO client.example\nS: 250 *\n");
        for (String sender : List.of("<app@client.example>", "<>", "<ada@shop.example>")) {
            dialogue.append("C: MAIL FROM:").append(sender).append("\nS: 250 *\n");
            for (String path : paths) {
                dialogue.append("C: RCPT TO:").append(path).append("\nS: ").append(reply);
                dialogue.append('\n');
            }
            dialogue.append("C: RSET\nS: 250 *\n");
        }
        world.play(client, dialogue + "C: QUIT\nS: 221 *\n");
    }

    @Test
    void strangersReachNobodyOutside() {
        world.with(
                builder(),
                mail -> {
                    for (String client : STRANGERS) {
                        for (String path : OUTSIDE) {
                            ask(client, List.of(path), "553 5.7.1 sorry, we do not relay*");
                        }
                    }
                });
    }

    @Test
    void whatIsNoAddressIsNobodys() {
        world.with(
                builder(),
                mail -> {
                    for (String client : List.of(STRANGERS.getFirst(), APP)) {
                        for (String path : BROKEN) {
                            ask(client, List.of(path), "501 *");
                        }
                    }
                });
    }

    @Test
    void aLocalPartIsNeverReadAsAWayOut() {
        world.with(
                builder(),
                mail -> {
                    var clients = new ArrayList<>(STRANGERS);
                    clients.add(APP);
                    try (Network.Listening mx = world.hop("198.51.100.1", "250 mx")) {
                        for (String client : clients) {
                            ask(client, INSIDE, "250 *");
                            for (String path : INSIDE) {
                                String address = path.substring(1, path.length() - 1);
                                world.send(client, address, "250 *", "250 *");
                            }
                        }
                        world.sim.advance(Duration.ofMinutes(1));
                        assertThat(mx.isClosed()).isFalse();
                        assertThat(mail.queue().deliveries()).isZero();
                    }
                });
        assertThat(world.taken).isEmpty();
    }

    @Test
    void aRuleIsForItsClientsAndForAllOfTheOutside() {
        world.with(builder(), mail -> ask(APP, OUTSIDE, "250 *"));
    }
}
