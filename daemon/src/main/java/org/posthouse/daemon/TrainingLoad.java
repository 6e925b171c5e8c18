package org.posthouse.daemon;

import org.posthouse.client.Answer;
import org.posthouse.client.ClientSession;
import org.posthouse.client.ClientSettings;
import org.posthouse.client.ClientTimeouts;
import org.posthouse.client.HostTrait;
import org.posthouse.client.Login;
import org.posthouse.client.Opening;
import org.posthouse.client.Steps;
import org.posthouse.core.SaslMechanism;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TlsContexts;
import org.posthouse.platform.TlsSettings;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients as servers have them: most send many messages over a connection, some one, some over TLS,
 * some log in, and some write to addresses that nobody has.
 */
final class TrainingLoad {
    static final String PASSWORD = "not-a-secret";

    private static final int CLIENTS = 16;
    private static final int MANY = 40;
    private static final int FEW = 4;
    private static final Duration SENT_WITHIN = Duration.ofSeconds(25);
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final int[] LINES = {10, 25, 53, 53, 100, 1000};

    private final JdkPlatform platform;
    private final InetSocketAddress server;
    private final AtomicInteger left;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();

    /**
     * To a server.
     *
     * @param messages how many
     */
    TrainingLoad(JdkPlatform platform, InetSocketAddress server, int messages) {
        this.platform = platform;
        this.server = server;
        this.left = new AtomicInteger(messages);
    }

    /** Sends all, or as much as there is time for; how many were taken to be relayed. */
    int run() throws InterruptedException {
        Deadline end = platform.time().after(SENT_WITHIN);
        List<Threads.Task> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(platform.threads().start("client-" + i, () -> client(end)));
        }
        Deadline gone = platform.time().after(SENT_WITHIN.plus(CONNECT_WITHIN));
        for (Threads.Task each : clients) {
            each.join(gone);
        }
        return taken.get();
    }

    private void client(Deadline end) {
        while (left.get() > 0 && !platform.time().isPast(end)) {
            int number = sessions.getAndIncrement();
            try {
                session(number);
            } catch (IOException e) {
                System.err.println("session " + number + ": " + e.getMessage());
                left.addAndGet(-MANY); // a server that is not there ends the run
            }
        }
    }

    private void session(int number) throws IOException {
        Kind kind = Kind.of(number);
        var connection =
                platform.network()
                        .connect(server, Network.ANY_SOURCE, platform.time().after(CONNECT_WITHIN));
        Opening opening =
                ClientSession.open(platform.time(), connection, settings(kind, number), Steps.NONE);
        switch (opening) {
            case Opening.NotOpened no -> throw new IOException(no.reply().toString());
            case Opening.Opened opened -> {
                try (ClientSession session = opened.session()) {
                    for (int i = 0; i < kind.messages && left.getAndDecrement() > 0; i++) {
                        send(session, kind, i);
                    }
                    session.quit();
                }
            }
        }
    }

    private void send(ClientSession session, Kind kind, int i) {
        List<Answer> answers =
                session.transact(
                        SendCommand.transaction(
                                "ada@local.example",
                                List.of(kind.recipient),
                                content(LINES[i % LINES.length])));
        if (answers.getFirst().isDelivered() && kind.arrives) {
            taken.incrementAndGet();
        }
    }

    private static byte[] content(int lines) {
        String line =
                "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod.\r\n";
        return ("From: ada@local.example\r\nSubject: training\r\n\r\n" + line.repeat(lines))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Every other client waits for each reply. */
    private ClientSettings settings(Kind kind, int number) {
        return new ClientSettings(
                ClientSettings.Protocol.SMTP,
                "client.example",
                kind.logsIn ? ClientSettings.UseTls.REQUIRED : ClientSettings.UseTls.OFF,
                new TlsSettings.Client(TlsContexts.trustAll(), "localhost", false),
                kind.logsIn,
                kind.logsIn
                        ? new Login.Password(SaslMechanism.AUTO, "ada", PASSWORD, () -> "nonce")
                        : Login.NONE,
                ClientSettings.Streaming.LEARNED,
                number % 2 == 0 ? Set.of() : Set.of(HostTrait.NO_PIPELINING, HostTrait.NO_CHUNKING),
                ClientTimeouts.DEFAULT);
    }

    /** What a session is about; they take turns. */
    private enum Kind {
        STEADY(MANY, "u@far.example", true, false),
        SINGLE(1, "u@far.example", true, false),
        LOGGED_IN(FEW, "u@far.example", true, true),
        SECURED_RELAY(FEW, "u@tls.example", true, false),
        REFUSED(1, "nobody@local.example", false, false),
        REPORTED(1, "nobody@far.example", false, false),
        KEPT(1, "ada@local.example", false, false);

        private static final List<Kind> TURNS =
                List.of(
                        STEADY,
                        STEADY,
                        SINGLE,
                        LOGGED_IN,
                        STEADY,
                        STEADY,
                        SINGLE,
                        SECURED_RELAY,
                        STEADY,
                        STEADY,
                        SINGLE,
                        REFUSED,
                        SINGLE,
                        REPORTED,
                        SINGLE,
                        KEPT);

        private final int messages;
        private final String recipient;

        /** At the engine that the mail is relayed to. */
        private final boolean arrives;

        private final boolean logsIn;

        Kind(int messages, String recipient, boolean arrives, boolean logsIn) {
            this.messages = messages;
            this.recipient = recipient;
            this.arrives = arrives;
            this.logsIn = logsIn;
        }

        static Kind of(int session) {
            return TURNS.get(session % TURNS.size());
        }
    }
}
