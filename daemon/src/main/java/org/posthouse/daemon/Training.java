package org.posthouse.daemon;

import org.posthouse.Answer;
import org.posthouse.Posthouse;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Threads;
import org.posthouse.server.ListenerSettings;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM does while it learns what {@link InstallCacheCommand} has it keep: a daemon starts in
 * a folder of its own, takes mail from clients in this process and relays it to another engine in
 * it, answers commands, and stops. Everything happens on 127.0.0.1, with ports that are free; name
 * servers are not asked.
 */
final class Training {
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration ARRIVED_WITHIN = Duration.ofSeconds(10);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(40);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private static final int SEGMENT_OCTETS = 1 << 23;

    /** Of the messages, to the first daemon. */
    private static final int FIRST_SHARE = 20;

    private static final String PLAIN = "plain";
    private static final String SECURED = "secured";

    private final JdkPlatform platform;
    private final Path folder;
    private final StringWriter said = new StringWriter();
    private final AtomicInteger exit = new AtomicInteger(-1);

    private Training(JdkPlatform platform, Path folder) {
        this.platform = platform;
        this.folder = folder;
    }

    /**
     * Runs one: the folder, which exists and is empty, and how many messages are sent.
     *
     * <p>Exits with 0 when all that was taken has arrived, or the time was over before.
     */
    public static void main(String[] arguments) throws Exception {
        int code;
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            code =
                    new Training(platform, Path.of(arguments[0]))
                            .run(Integer.parseInt(arguments[1]));
        }
        System.exit(code);
    }

    private int run(int messages) throws IOException, InterruptedException {
        SelfSigned certificate =
                SelfSigned.make("localhost", platform.time().now(), platform.entropy());
        Files.writeString(folder.resolve("chain.pem"), certificate.chain());
        Files.writeString(folder.resolve("key.pem"), certificate.key());
        var arrived = new AtomicInteger();
        Posthouse sink = sink(arrived);
        try {
            Path configuration = configuration(sink);
            int taken = 0;
            boolean stopped = true;
            // first in an empty folder, then as mostly: in one with a queue and a history
            for (int share : List.of(messages / FIRST_SHARE, messages - messages / FIRST_SHARE)) {
                Threads.Task daemon = start(configuration);
                taken += new TrainingLoad(platform, address(), share).run();
                int all = taken;
                until(ARRIVED_WITHIN, () -> arrived.get() >= all);
                stopped &= TrainingCommands.run(configuration);
                stopped &= daemon.join(platform.time().after(STOPPED_WITHIN));
                stopped &= exit.get() == Exit.OK;
            }
            System.out.println("taken " + taken + ", relayed " + arrived.get());
            return stopped && taken > 0 ? Exit.OK : Exit.SOFTWARE;
        } finally {
            sink.close();
        }
    }

    /** Takes what is relayed, in clear text and over TLS, and throws it away. */
    private Posthouse sink(AtomicInteger arrived) {
        return Posthouse.builder()
                .hostname("sink.example")
                .data(folder.resolve("sink"))
                .spool(SpoolSettings.DEFAULTS.withSegmentOctets(SEGMENT_OCTETS))
                .certificate(folder.resolve("chain.pem"), folder.resolve("key.pem"))
                .listenLoopback(0, it -> it.name(PLAIN).tls(ListenerSettings.Tls.OFF))
                .listenLoopback(0, it -> it.name(SECURED).tls(ListenerSettings.Tls.OFFER))
                .local("far.example", "tls.example")
                .onRecipient(
                        (session, recipient) ->
                                recipient.mailbox().address().startsWith("nobody@")
                                        ? Answer.refuse(550, "5.1.1", "no such user")
                                        : Answer.proceed())
                .discardLocal()
                .onAccepted(event -> arrived.incrementAndGet())
                .start();
    }

    private Path configuration(Posthouse sink) throws IOException {
        String text =
                """
                hostname = "mx.example"
                data     = "data"

                [listener.here]
                bind = "127.0.0.1:0"
                auth = "optional"

                [tls]
                certificate = "file:chain.pem"
                key         = "file:key.pem"

                [auth]
                users = "file:users"

                [domains]
                local      = ["local.example"]
                recipients = "file:recipients"

                [[relay]]
                name    = "this-machine"
                clients = ["127.0.0.1"]

                [[route]]
                to   = ["*@tls.example"]
                via  = "smarthost"
                host = "%s"

                [[route]]
                via  = "smarthost"
                host = "%s"

                [dns]
                servers = ["127.0.0.1:9"]

                [limits]
                clients_exempt = ["127.0.0.1"]
                """
                        .formatted(
                                Daemon.place(sink.address(SECURED)),
                                Daemon.place(sink.address(PLAIN)));
        Files.writeString(folder.resolve("users"), "ada:{PLAIN}" + TrainingLoad.PASSWORD + "\n");
        Files.writeString(folder.resolve("recipients"), "ada@local.example\n");
        return Files.writeString(folder.resolve("posthouse.toml"), text);
    }

    private Threads.Task start(Path configuration) throws InterruptedException {
        said.getBuffer().setLength(0);
        var output =
                new Daemon.Output(new PrintWriter(said, true), Daemon.Output.ofProcess().err());
        var command = new RunCommand.Plain(Optional.of(configuration));
        Threads.Task daemon =
                platform.threads().startDedicated("daemon", () -> exit.set(command.run(output)));
        until(READY_WITHIN, () -> said.toString().contains("\n") || daemon.isDone());
        return daemon;
    }

    private InetSocketAddress address() throws IOException {
        Matcher address = ADDRESS.matcher(said.toString());
        if (!address.find()) {
            throw new IOException("the daemon did not start");
        }
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(address.group(1)));
    }

    /** Waits, no longer than so long. */
    private void until(Duration within, BooleanSupplier happened) throws InterruptedException {
        var deadline = platform.time().after(within);
        while (!happened.getAsBoolean() && !platform.time().isPast(deadline)) {
            platform.time().sleep(LOOK_EVERY);
        }
    }
}
