package org.posthouse.simulation;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Network;
import org.posthouse.sim.SimHost;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A host that mail goes to, in all weathers; what it took goes to the ledger. */
final class Exchanger implements AutoCloseable {
    private static final int PORT = 25;
    private static final int BACKLOG = 1000;
    private static final int CROWDED_AT = 2;

    private static final List<List<String>> OFFERS =
            List.of(
                    List.of("PIPELINING", "CHUNKING", "8BITMIME", "SIZE 1000000", "DSN"),
                    List.of("PIPELINING", "8BITMIME"),
                    List.of("CHUNKING", "SIZE", "DSN"),
                    List.of());

    final SimPlatform world;
    final Ledger ledger;
    final int life;
    final String address;
    final List<String> offers;
    final Random chance;
    private final SimHost host;
    private final Set<String> seen = new HashSet<>();
    private final Network.Listening listening;
    private Weather weather = Weather.FAIR;
    private int open;

    Exchanger(SimPlatform world, Ledger ledger, int life, int number) throws IOException {
        this.world = world;
        this.ledger = ledger;
        this.life = life;
        address = Cast.HOSTS.get(number);
        offers = OFFERS.get(number);
        chance = new Random(world.seed() * 31 + number);
        host = world.network().host(address);
        listening = world.network().listen(SimNetwork.socket(address, PORT), BACKLOG);
        world.threads().start("host " + address, this::acceptAll);
    }

    Weather weather() {
        return weather;
    }

    void weather(Weather next) {
        weather = next;
        host.blackhole(next == Weather.DARK);
        host.refuse(next == Weather.REFUSING);
        host.unreachable(next == Weather.UNREACHABLE);
    }

    /** Connections that are open. */
    int open() {
        return open;
    }

    /** Of these, those that their client has not closed. */
    int clients() {
        return host.clients();
    }

    boolean isCrowded() {
        return weather == Weather.CROWDED && open > CROWDED_AT;
    }

    /** Breaks all connections to it. */
    void reset() {
        host.resetConnections();
    }

    /** True for a recipient that it is asked for the first time. */
    boolean isNew(String recipient) {
        return seen.add(recipient);
    }

    /** Now and then, where the weather is fickle. */
    boolean strikes(Weather kind) {
        return weather == kind || weather == Weather.FICKLE && chance.nextInt(100) < 7;
    }

    @Override
    public void close() {
        listening.close();
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Connection connection = listening.accept();
                world.threads().start("host session", () -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Connection connection) {
        var visit = new Ledger.Visit(address, life);
        ledger.visits.add(visit);
        open++;
        WindowsAreBounded.check(this);
        try (connection) {
            new ExchangerSession(this, connection, visit).run();
        } catch (IOException e) {
            visit.wasBroken = true;
        } finally {
            open--;
        }
    }
}
