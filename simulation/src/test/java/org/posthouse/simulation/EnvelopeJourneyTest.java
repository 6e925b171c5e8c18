package org.posthouse.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.Posthouse;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;
import org.posthouse.core.Xtext;
import org.posthouse.platform.Connection;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;
import org.posthouse.sim.Transcript;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Any envelope that one of ours takes is written to the log, read again, said to another of ours,
 * and understood there as what it was: all that is parsed is printed so that it parses the same.
 */
class EnvelopeJourneyTest {
    private static final String CLIENT = "198.51.100.9";
    private static final InetSocketAddress EDGE = SimNetwork.socket("192.0.2.1", 25);
    private static final InetSocketAddress INNER = SimNetwork.socket("192.0.2.2", 25);
    private static final String[] DOMAINS = {"a.example", "b.example", "t\u00e4st.example"};
    private static final Ret[] RETS = Ret.values();
    private static final int MESSAGES = 150;

    /** What arrived, by ENVID. */
    private final Map<String, List<Envelope>> arrived = new HashMap<>();

    private final Random random = new Random(11);

    @Test
    void envelopesArriveAsTheyWere() throws Exception {
        var world = new SimPlatform(5);
        List<Envelope> sent = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            sent.add(envelope("id-" + i));
        }
        world.run(
                () -> {
                    try (Posthouse inner = inner(world);
                            Posthouse edge = edge(world)) {
                        assertThat(inner.isRunning()).isTrue();
                        for (Envelope envelope : sent) {
                            say(world, dialogue(envelope));
                        }
                        world.advance(Duration.ofMinutes(10));
                        assertThat(edge.queue().messages()).isZero();
                    }
                });
        for (Envelope envelope : sent) {
            check(envelope);
        }
    }

    private Posthouse inner(SimPlatform world) {
        return Posthouse.builder()
                .hostname("inner.example")
                .data(Path.of("/inner"))
                .platform(world)
                .listen(INNER, listener -> {})
                .local(DOMAINS)
                .discardLocal()
                .onReceived(
                        message ->
                                arrived.computeIfAbsent(
                                                message.envelope().options().envelopeId(),
                                                id -> new ArrayList<>())
                                        .add(message.envelope()))
                .start();
    }

    private static Posthouse edge(SimPlatform world) {
        return Posthouse.builder()
                .hostname("edge.example")
                .data(Path.of("/edge"))
                .platform(world)
                .listen(EDGE, listener -> {})
                .relay(rule -> rule.clients(CLIENT + "/32"))
                .route(route -> route.smarthost("192.0.2.2:25").internal())
                .start();
    }

    private static void say(SimPlatform world, String dialogue) throws Exception {
        try (Connection connection =
                world.network()
                        .connect(
                                EDGE,
                                SimNetwork.address(CLIENT),
                                world.time().after(Duration.ofMinutes(1)))) {
            Transcript.parse("dialogue", dialogue).playClient(world.time(), connection);
        }
    }

    private Envelope envelope(String id) {
        boolean smtpUtf8 = random.nextInt(3) == 0;
        String envelopeId = id + Xtext.encode(text(random.nextInt(20)));
        MailOptions options =
                new MailOptions(
                        0,
                        MailOptions.NONE.body(),
                        smtpUtf8,
                        RETS[random.nextInt(RETS.length)],
                        envelopeId,
                        "",
                        false);
        ReversePath path =
                random.nextInt(8) == 0 ? ReversePath.NULL : mailbox(smtpUtf8, "sender.example");
        List<Recipient> recipients = new ArrayList<>();
        Set<Mailbox> known = new HashSet<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            Mailbox mailbox = mailbox(smtpUtf8, DOMAINS[random.nextInt(smtpUtf8 ? 3 : 2)]);
            if (known.add(mailbox)) {
                recipients.add(new Recipient(mailbox, notifyOn(), original()));
            }
        }
        return new Envelope(path, options, recipients);
    }

    private Mailbox mailbox(boolean smtpUtf8, String domain) {
        String localPart = "u" + text(1 + random.nextInt(12));
        return new Mailbox(
                smtpUtf8 && random.nextBoolean() ? localPart + "\u00fc" : localPart, domain);
    }

    /** Printable ASCII, spaces and quotes among it. */
    private String text(int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (32 + random.nextInt(95)));
        }
        return text.toString();
    }

    private Notify notifyOn() {
        return switch (random.nextInt(4)) {
            case 0 -> Notify.UNSPECIFIED;
            case 1 -> Notify.NEVER;
            default -> {
                boolean failure = random.nextBoolean();
                boolean delay = random.nextBoolean();
                yield new Notify(true, !failure && !delay, failure, delay);
            }
        };
    }

    private String original() {
        return random.nextBoolean() ? "" : "rfc822;" + Xtext.encode(text(1 + random.nextInt(30)));
    }

    private static String dialogue(Envelope envelope) {
        MailOptions options = envelope.options();
        var text = new StringBuilder("S: 220 *\nC: EHLO client.example\n");
        text.append("S: 250-*\n".repeat(8)).append("S: 250 *\n");
        text.append("C: MAIL FROM:<").append(envelope.reversePath().address()).append('>');
        text.append(options.smtpUtf8() ? " SMTPUTF8" : "");
        text.append(options.ret() == Ret.UNSPECIFIED ? "" : " RET=" + options.ret());
        text.append(" ENVID=").append(options.envelopeId()).append("\nS: 250 *\n");
        for (Recipient recipient : envelope.recipients()) {
            text.append("C: RCPT TO:<").append(recipient.mailbox().address()).append('>');
            if (recipient.notifyOn().specified()) {
                text.append(" NOTIFY=").append(recipient.notifyOn().value());
            }
            if (!recipient.originalRecipient().isEmpty()) {
                text.append(" ORCPT=").append(recipient.originalRecipient());
            }
            text.append("\nS: 250 *\n");
        }
        return text.append("C: DATA\nS: 354 *\nC: x\nC: .\nS: 250 *\nC: QUIT\nS: 221 *\n")
                .toString();
    }

    private void check(Envelope envelope) {
        List<Envelope> parts = arrived.getOrDefault(envelope.options().envelopeId(), List.of());
        List<Recipient> recipients = new ArrayList<>();
        for (Envelope part : parts) {
            assertThat(part.reversePath()).isEqualTo(envelope.reversePath());
            assertThat(part.options().ret()).isEqualTo(envelope.options().ret());
            recipients.addAll(part.recipients());
        }
        assertThat(recipients).containsExactlyInAnyOrderElementsOf(envelope.recipients());
    }
}
