package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;

/**
 * A name server and all hosts of some {@link Case}s on loopback, and one daemon that sends to them
 * all at the same time.
 */
final class HostileInternet implements AutoCloseable {
    private static final int SENDERS = 12;
    private static final int PORT_TRIES = 50;
    private static final int HOSTS_EACH_NET = 200;

    private final Path folder;
    private final Map<Case, List<ScriptedHost>> stories = new LinkedHashMap<>();
    private final List<AutoCloseable> holes = new ArrayList<>();
    private final StringBuilder earlierLog = new StringBuilder();
    private final String configuration;
    private final DnsPeer dns;
    private DaemonProcess daemon;

    private HostileInternet(Path folder, List<Case> cases, String retry) throws IOException {
        this.folder = folder;
        TlsPeer.prepare();
        int port = listen(cases);
        List<DnsZone> zones = new ArrayList<>(List.of(new DnsZone("", List.of())));
        var routes = new StringBuilder();
        int listener = Ports.free();
        for (Case each : cases) {
            List<String> lines = each.zoneLines().stream().map(line -> filled(each, line)).toList();
            zones.add(new DnsZone(each.domain(), lines));
            routes.append(filled(each, each.routeSection()));
        }
        dns = DnsPeer.start(zones);
        configuration =
                (SETTINGS + routes + ROUTES + retry)
                        .replace("{listener}", Integer.toString(listener))
                        .replace("{port}", Integer.toString(port))
                        .replace("{dns}", Integer.toString(dns.port()));
        DaemonProcess.write(folder.resolve("secret"), "secret\n");
        daemon = DaemonProcess.start(folder, configuration);
    }

    private static final String SETTINGS =
            """
            hostname = "mail.shop.example"
            data = "data"

            [listener.in]
            bind = "127.0.0.1:{listener}"

            [domains]
            local = ["shop.example"]

            [limits]
            clients_exempt = ["127.0.0.0/8"]

            [[relay]]
            name = "loopback"
            clients = ["127.0.0.0/8"]

            [dns]
            servers = ["127.0.0.1:{dns}"]
            timeout = "1s"
            """;

    private static final String ROUTES =
            """

            [[route]]
            name = "outside"
            to = ["*@*.out.test"]
            port = {port}

            [[route]]
            name = "inside"
            port = {port}
            internal = true
            """;

    /** Starts all of it, and the daemon with this way to try again. */
    static HostileInternet start(Path folder, List<Case> cases, String retry) {
        try {
            return new HostileInternet(folder, cases, retry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // The hosts.

    /** Lets all hosts listen on one port; returns it. */
    private int listen(List<Case> cases) throws IOException {
        // another net each time, so that several runs on one machine do not meet
        int net = 64 + (int) (ProcessHandle.current().pid() % 128);
        for (int tries = 0; tries < PORT_TRIES; tries++) {
            int port = Ports.free();
            if (listen(cases, net, port)) {
                return port;
            }
            close(stories.values().stream().flatMap(List::stream).toList());
            close(holes);
            stories.clear();
            holes.clear();
        }
        throw new AssertionError("no free port on all addresses");
    }

    private boolean listen(List<Case> cases, int net, int port) throws IOException {
        int number = 0;
        for (Case each : cases) {
            List<ScriptedHost> hosts = new ArrayList<>();
            stories.put(each, hosts);
            for (Case.Peer peer : each.peers()) {
                number++;
                String own =
                        "127.%d.%d.%d"
                                .formatted(
                                        net, number / HOSTS_EACH_NET, number % HOSTS_EACH_NET + 1);
                if (!listen(peer, own, port, hosts)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean listen(Case.Peer peer, String own, int port, List<ScriptedHost> hosts)
            throws IOException {
        return switch (peer) {
            case Case.Peer.Listening(String address, var rules) -> {
                var host =
                        new ScriptedHost(address.isEmpty() ? own : address, new HostScript(rules));
                hosts.add(host);
                yield host.listen(port);
            }
            case Case.Peer.Nobody nobody -> {
                hosts.add(new ScriptedHost(own, new HostScript(List.of())));
                yield true;
            }
            case Case.Peer.BlackHole hole -> {
                hosts.add(new ScriptedHost(own, new HostScript(List.of())));
                yield fallSilent(own, port);
            }
        };
    }

    /** A host whose queue of connections is full, so that it answers nobody any more. */
    private boolean fallSilent(String address, int port) throws IOException {
        ServerSocket full;
        try {
            full = new ServerSocket(port, 1, InetAddress.getByName(address));
        } catch (IOException e) {
            return false;
        }
        holes.add(full);
        for (int i = 0; i < 8; i++) {
            var filling = new Socket();
            holes.add(filling);
            try {
                filling.connect(new InetSocketAddress(address, port), 100);
            } catch (SocketTimeoutException e) {
                return true;
            }
        }
        throw new IOException("this system's queue of connections does not fill");
    }

    private String filled(Case story, String text) {
        String filled = text;
        List<ScriptedHost> hosts = stories.get(story);
        for (int i = 0; i < hosts.size(); i++) {
            filled = filled.replace("{" + (i + 1) + "}", hosts.get(i).address());
        }
        return filled;
    }

    // What happens.

    /** Hands over all messages, over some connections at the same time. */
    void submitAll() {
        List<Case> all = List.copyOf(stories.keySet());
        List<Thread> senders = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < SENDERS; i++) {
            int first = i;
            Runnable work = () -> submit(all, first);
            senders.add(
                    Thread.ofVirtual()
                            .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                            .start(work));
        }
        try {
            for (Thread each : senders) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(daemon.log(), failures.getFirst());
        }
    }

    private void submit(List<Case> all, int first) {
        try (Sender sender = Sender.connect(daemon.port())) {
            for (int i = first; i < all.size(); i += SENDERS) {
                for (int number = 0; number < all.get(i).times(); number++) {
                    submit(sender, all.get(i), number);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void submit(Sender sender, Case story, int number) throws IOException {
        String mail = "MAIL FROM:<" + story.from() + ">" + story.parameters();
        expect("250", sender.command(mail), story);
        for (String each : story.rcpts()) {
            expect("250", sender.command("RCPT TO:" + filled(story, each)), story);
        }
        expect("354", sender.command("DATA"), story);
        String content = story.content(number).replace("\r\n.", "\r\n..");
        expect("250", sender.command(content + "."), story);
    }

    private static void expect(String code, String reply, Case story) {
        if (!reply.startsWith(code)) {
            throw new AssertionError(story + ": " + reply);
        }
    }

    /** Waits until hosts have taken so many messages. */
    void awaitTaken(int count) {
        Await.until(
                count + " messages are taken",
                Await.LONG,
                () -> taken() >= count,
                () -> taken() + " came\n" + daemon.log());
    }

    private long taken() {
        return stories.values().stream()
                .flatMap(List::stream)
                .mapToLong(each -> each.taken().size())
                .sum();
    }

    /** Waits until nothing is queued any more. */
    void awaitEmptyQueue(Duration within) {
        Await.until(
                "the queue is empty",
                within,
                () -> status().contains("\"deliveries\":0,"),
                () -> status() + "\n" + daemon.log());
    }

    /** What the daemon says of itself on its control socket. */
    String status() {
        var address = UnixDomainSocketAddress.of(folder.resolve("data/control/socket"));
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(address);
            channel.write(
                    ByteBuffer.wrap(
                            "{\"v\":1,\"do\":\"status\"}\n".getBytes(StandardCharsets.US_ASCII)));
            try (var lines = new Scanner(Channels.newReader(channel, StandardCharsets.UTF_8))) {
                return lines.nextLine();
            }
        } catch (SocketException e) {
            return "not there yet: " + e.getMessage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the daemon and starts it again. */
    void restart(boolean orderly) {
        if (orderly) {
            int unused = daemon.stop();
        } else {
            daemon.kill();
        }
        earlierLog.append(daemon.log());
        daemon.close();
        daemon = DaemonProcess.start(folder, configuration);
    }

    // What was seen.

    String log() {
        return earlierLog + daemon.log();
    }

    DnsPeer dns() {
        return dns;
    }

    List<ScriptedHost> hosts(Case story) {
        return stories.get(story);
    }

    /** What there is of each story. */
    Map<Case, Evidence> evidence() {
        List<LogEntry> log = log().lines().map(LogEntry::parse).toList();
        Map<String, List<LogEntry>> byRecipient = new LinkedHashMap<>();
        for (LogEntry each : log) {
            byRecipient.computeIfAbsent(each.field("to"), to -> new ArrayList<>()).add(each);
        }
        Map<Case, Evidence> all = new LinkedHashMap<>();
        stories.forEach((story, hosts) -> all.put(story, evidence(story, hosts, byRecipient)));
        return all;
    }

    private Evidence evidence(
            Case story, List<ScriptedHost> hosts, Map<String, List<LogEntry>> byRecipient) {
        List<String> addresses =
                story.addresses().stream().map(each -> filled(story, each)).toList();
        List<LogEntry> own = new ArrayList<>();
        for (String address : addresses) {
            own.addAll(byRecipient.getOrDefault("<" + address + ">", List.of()));
        }
        own.removeIf(each -> each.what().equals("received"));
        List<String> reports =
                story.from().endsWith("@shop.example")
                        ? daemon.maildir("shop.example", story.reportsTo()).messages()
                        : List.of();
        return new Evidence(story, hosts, addresses, own, reports);
    }

    @Override
    public void close() {
        daemon.close();
        close(List.of(dns::close));
        close(holes);
        close(stories.values().stream().flatMap(List::stream).toList());
    }

    private static void close(List<? extends AutoCloseable> all) {
        for (AutoCloseable each : all) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
