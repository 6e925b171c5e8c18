package org.posthouse.client;

import org.posthouse.core.BodyType;
import org.posthouse.core.Content;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsSettings;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

/** One client and one scripted host in a simulated network. */
final class ClientWorld {
    private static final String HOST = "192.0.2.25";

    final SimPlatform sim = new SimPlatform(7);
    Set<HostTrait> traits = Set.of(HostTrait.PROVEN);
    ClientSettings.Protocol protocol = ClientSettings.Protocol.SMTP;
    Login login = Login.NONE;
    private final List<ClientSession> opened = new ArrayList<>();

    @FunctionalInterface
    interface Body {
        void run(ScriptedPeer peer) throws Exception;
    }

    record Text(byte[] bytes) implements Content {
        @Override
        public long octets() {
            return bytes.length;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            int count = (int) Math.min(length, bytes.length - position);
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(bytes, (int) position, into, offset, count);
            return count;
        }

        @Override
        public void close() {}
    }

    void run(Body body) throws Exception {
        sim.network().latency(Duration.ofMillis(50), Duration.ZERO);
        sim.run(
                () -> {
                    try (var peer = new ScriptedPeer(sim, HOST, 25)) {
                        body.run(peer);
                        opened.forEach(ClientSession::quit);
                    }
                });
        sim.assertNothingOpen();
    }

    Opening opening() throws Exception {
        Connection connection =
                sim.network()
                        .connect(SimNetwork.socket(HOST, 25), Network.ANY_SOURCE, Deadline.NEVER);
        var settings =
                new ClientSettings(
                        protocol,
                        "us.example",
                        ClientSettings.UseTls.OFF,
                        new TlsSettings.Client(SSLContext.getDefault(), "mx.example", true),
                        true,
                        login,
                        ClientSettings.Streaming.LEARNED,
                        traits,
                        ClientTimeouts.DEFAULT);
        Opening opening = ClientSession.open(sim.time(), connection, settings, Steps.NONE);
        if (opening instanceof Opening.Opened done) {
            opened.add(done.session());
        }
        return opening;
    }

    ClientSession open() throws Exception {
        return ((Opening.Opened) opening()).session();
    }

    static Transaction mail(String text, String... recipients) {
        return mail(text.getBytes(StandardCharsets.UTF_8), recipients);
    }

    static Transaction mail(byte[] content, String... recipients) {
        List<Recipient> list =
                Arrays.stream(recipients).map(Mailbox::parse).map(Recipient::of).toList();
        var options = new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.UNSPECIFIED, "", "", false);
        return new Transaction(Mailbox.parse("ada@us.example"), options, list, new Text(content));
    }

    /** Begins as many as there is room for, up to a number; each to its own recipient. */
    static int begin(ClientSession session, int most) {
        int count = 0;
        while (count < most && session.hasRoom()) {
            session.begin(mail("n: " + count + "\r\n", "r" + count + "@x.example"));
            count++;
        }
        return count;
    }

    static List<String> finish(ClientSession session) {
        List<String> said = new ArrayList<>();
        while (session.onTheWay() > 0) {
            for (Answer answer : session.finish()) {
                said.add(said(answer));
            }
        }
        return said;
    }

    static String said(Answer a) {
        return a.kind() + " " + a.stage() + " " + a.reply().code();
    }

    long millis() {
        return sim.time().nanos() / 1_000_000;
    }
}
