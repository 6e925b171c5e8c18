package org.posthouse.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many connections that do nothing, or next to nothing, while a few work: what each costs in
 * memory, what they cost the others, and when those that drip are gone.
 */
public final class SessionLoad {
    private static final int BUSY = 20;
    private static final int PORTS_OF_A_SOURCE = 20_000;

    private SessionLoad() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] rest = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
        Arguments settings =
                Arguments.of(rest, Set.of("connections", "seconds", "repetitions", "timeout"));
        Machine.describe(Folder.existing("sessions").path()).forEach(System.out::println);
        System.out.println("load average: " + Machine.loadAverage());
        switch (arguments[0]) {
            case "idle" -> idle(settings);
            case "drip" -> drip(settings);
            default ->
                    throw new IllegalArgumentException(arguments[0] + " is neither idle nor drip");
        }
    }

    private static void idle(Arguments settings) throws IOException, InterruptedException {
        int count = settings.number("connections", 10_000);
        int seconds = settings.number("seconds", 5);
        var alone = new ArrayList<Double>();
        var beside = new ArrayList<Double>();
        try (var daemon = LoadedDaemon.start("server_command = \"30m\"")) {
            rate(daemon, seconds);
            rate(daemon, seconds);
            for (int i = 0; i < settings.number("repetitions", 3); i++) {
                alone.add(rate(daemon, seconds));
                long before = daemon.residentKib();
                List<Socket> open = open(daemon.address(), count);
                long after = daemon.residentKib();
                System.out.printf(
                        Locale.ROOT,
                        "%,d idle connections: %s resident before, %s with them, %.1f KiB each%n",
                        open.size(),
                        LoadedDaemon.mib(before),
                        LoadedDaemon.mib(after),
                        LoadedDaemon.perConnectionKib(before, after, count));
                beside.add(rate(daemon, seconds));
                for (Socket socket : open) {
                    socket.close();
                }
                Thread.sleep(2000);
            }
        }
        Spread without = Spread.of(alone, rate -> rate);
        Spread with = Spread.of(beside, rate -> rate);
        System.out.printf(
                Locale.ROOT,
                "%d busy clients: %s messages/s alone, %s beside the idle ones, ratio %.2f%n",
                BUSY,
                without.text(0, 1),
                with.text(0, 1),
                with.median() / without.median());
    }

    private static double rate(LoadedDaemon daemon, int seconds) throws InterruptedException {
        var busy = new BusyClients(daemon.address(), BUSY);
        double rate = busy.rate(seconds);
        busy.end();
        if (busy.failures() > 0) {
            throw new IllegalStateException(busy.failures() + " busy clients failed");
        }
        return rate;
    }

    private static List<Socket> open(InetSocketAddress server, int count) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var socket = new Socket();
            String source = "127.0.0." + (2 + i / PORTS_OF_A_SOURCE);
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(server);
            while (socket.getInputStream().read() != '\n') {
                // the greeting
            }
            open.add(socket);
        }
        return open;
    }

    private static void drip(Arguments settings) throws IOException, InterruptedException {
        int count = settings.number("connections", 1000);
        int timeout = settings.number("timeout", 20);
        String timeouts =
                "server_command = \"%ds\"\nserver_data = \"%ds\"".formatted(timeout, timeout);
        try (var daemon = LoadedDaemon.start(timeouts)) {
            rate(daemon, 5);
            double alone = rate(daemon, 5);
            List<Socket> open = open(daemon.address(), count);
            var gone = new AtomicInteger();
            long begin = System.nanoTime();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Socket socket = open.get(i);
                boolean inContent = i % 2 == 0;
                threads.add(Thread.startVirtualThread(() -> drip(socket, inContent, gone)));
            }
            double beside = rate(daemon, timeout - 2);
            System.out.printf(
                    Locale.ROOT,
                    "%d busy clients: %.0f messages/s alone, %.0f beside %,d that drip, ratio"
                            + " %.2f%n",
                    BUSY,
                    alone,
                    beside,
                    count,
                    beside / alone);
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d of %,d connections that drip an octet a second were ended by the server;"
                            + " the last %.1f s after it began, of a deadline of %d s%n",
                    gone.get(),
                    count,
                    (System.nanoTime() - begin) / 1e9,
                    timeout);
        }
    }

    /** An octet a second, within a command or within a content, until the server ends it. */
    private static void drip(Socket socket, boolean inContent, AtomicInteger gone) {
        try (socket) {
            if (inContent) {
                String envelope =
                        "HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<ada@local.example>\r\nDATA\r\n";
                socket.getOutputStream().write(envelope.getBytes(StandardCharsets.US_ASCII));
            }
            while (true) {
                socket.getOutputStream().write('x');
                Thread.sleep(1000);
            }
        } catch (IOException e) {
            gone.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
