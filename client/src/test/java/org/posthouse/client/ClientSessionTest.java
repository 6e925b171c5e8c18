package org.posthouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.BodyType;
import org.posthouse.core.Content;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SaslMechanism;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsSettings;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SSLContext;

class ClientSessionTest {
    private static final String HOST = "192.0.2.25";

    private final SimPlatform sim = new SimPlatform(7);
    private final List<ClientSession> opened = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private ClientSettings.UseTls useTls = ClientSettings.UseTls.OFF;
    private boolean nameIsOurs = true;
    private ClientSettings.Streaming streaming = ClientSettings.Streaming.LEARNED;
    private String user = "";
    private java.util.Set<HostTrait> traits = java.util.Set.of();
    private MailOptions options = MailOptions.NONE;

    /** Content in memory. */
    private record Text(byte[] bytes) implements Content {
        static Text of(String text) {
            return new Text(text.getBytes(StandardCharsets.UTF_8));
        }

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

    @FunctionalInterface
    private interface Body {
        void run(ScriptedPeer peer) throws Exception;
    }

    private void world(Body body) throws Exception {
        sim.run(
                () -> {
                    try (var peer = new ScriptedPeer(sim, HOST, 25)) {
                        body.run(peer);
                        opened.forEach(ClientSession::quit);
                    }
                });
        sim.assertNothingOpen();
    }

    private Opening opening() throws Exception {
        Connection connection =
                sim.network()
                        .connect(SimNetwork.socket(HOST, 25), Network.ANY_SOURCE, Deadline.NEVER);
        var tls = new TlsSettings.Client(SSLContext.getDefault(), "mx.example", true);
        var settings =
                new ClientSettings(
                        ClientSettings.Protocol.SMTP,
                        "us.example",
                        useTls,
                        tls,
                        nameIsOurs,
                        user.isEmpty()
                                ? Login.NONE
                                : new Login.Password(
                                        SaslMechanism.AUTO, user, "secret", () -> "nonce"),
                        streaming,
                        traits,
                        ClientTimeouts.DEFAULT);
        Opening opening = ClientSession.open(sim.time(), connection, settings, steps::add);
        if (opening instanceof Opening.Opened done) {
            opened.add(done.session());
        }
        return opening;
    }

    private ClientSession open() throws Exception {
        return ((Opening.Opened) opening()).session();
    }

    private Opening.NotOpened refused() throws Exception {
        return (Opening.NotOpened) opening();
    }

    private Transaction mail(Content content, String... recipients) {
        List<Recipient> list =
                Arrays.stream(recipients).map(Mailbox::parse).map(Recipient::of).toList();
        return new Transaction(Mailbox.parse("ada@us.example"), options, list, content);
    }

    private Transaction mail(String... recipients) {
        return mail(Text.of("Subject: x\r\n\r\n.dot\r\n"), recipients);
    }

    private static List<String> said(List<Answer> answers) {
        return answers.stream()
                .map(a -> a.kind() + " " + a.stage() + " " + a.reply().code())
                .toList();
    }

    @Test
    void messagesGoOverOneConnectionAndDotsAreDoubled() throws Exception {
        world(
                peer -> {
                    ClientSession session = open();
                    assertThat(said(session.transact(mail("a@x.example", "b@x.example"))))
                            .containsExactly("SAID CONTENT 250", "SAID CONTENT 250");
                    assertThat(session.transact(mail("c@x.example")).get(0).isDelivered()).isTrue();
                    session.quit();
                    assertThat(peer.received()).hasSize(2);
                    assertThat(peer.received().get(0).content())
                            .isEqualTo("Subject: x\r\n\r\n.dot\r\n");
                    assertThat(peer.connections()).isEqualTo(1);
                    assertThat(peer.commands().getLast()).isEqualTo("QUIT");
                    assertThat(peer.commands()).doesNotContain("RSET");
                    assertThat(peer.received().get(0).mail())
                            .isEqualTo("MAIL FROM:<ada@us.example> SIZE=20");
                });
        assertThat(steps).contains(Step.HELLO, Step.MAIL, Step.DATA);
    }

    @Test
    void onePipelinedMessageTakesTwoRoundTripsAndOneWithChunkingOnceLearned() throws Exception {
        sim.network().latency(Duration.ofMillis(50), Duration.ZERO);
        world(
                peer -> {
                    ClientSession session = open();
                    assertThat(millis(session)).isEqualTo(200);
                    peer.offers();
                    assertThat(millis(open())).isEqualTo(400);
                    peer.offers("PIPELINING", "CHUNKING");
                    ClientSession chunking = open();
                    assertThat(millis(chunking)).isEqualTo(200);
                    assertThat(millis(chunking)).isEqualTo(100);
                    sim.advance(Duration.ofSeconds(2));
                    assertThat(millis(chunking)).isEqualTo(200);
                    assertThat(peer.received()).hasSize(5);
                    assertThat(peer.commands()).contains("BDAT 20 LAST");
                });
    }

    private long millis(ClientSession session) {
        long before = sim.time().nanos();
        assertThat(session.transact(mail("a@x.example")).get(0).isDelivered()).isTrue();
        return (sim.time().nanos() - before) / 1_000_000;
    }

    @Test
    void aHostUnknownGetsNoContentBeforeItAcceptedSomebody() throws Exception {
        world(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING").always("RCPT", "550 5.1.1 nobody");
                    assertThat(said(open().transact(mail("a@x.example"))))
                            .containsExactly("SAID RCPT 550");
                    assertThat(peer.commands()).noneMatch(line -> line.startsWith("BDAT"));
                });
    }

    @Test
    void everyRecipientHasItsOwnAnswerWhateverTheHostCanDo() throws Exception {
        for (String offer : List.of("X", "PIPELINING", "CHUNKING", "PIPELINING,CHUNKING")) {
            for (var learned : ClientSettings.Streaming.values()) {
                streaming = learned;
                world(
                        peer -> {
                            peer.offers(offer.split(","))
                                    .always("RCPT TO:<b@", "550 5.1.1 nobody")
                                    .always("RCPT TO:<c@", "450 4.2.1 later");
                            ClientSession session = open();
                            var answers =
                                    session.transact(
                                            mail("a@x.example", "b@x.example", "c@x.example"));
                            assertThat(said(answers))
                                    .as(offer)
                                    .containsExactly(
                                            "SAID CONTENT 250", "SAID RCPT 550", "SAID RCPT 450");
                            assertThat(session.transact(mail("b@x.example")).get(0).stage())
                                    .isEqualTo(Stage.RCPT);
                            assertThat(session.transact(mail("a@x.example")).get(0).isDelivered())
                                    .isTrue();
                            assertThat(peer.commands()).contains("RSET");
                            assertThat(peer.received()).hasSize(2);
                        });
            }
        }
    }

    @Test
    void aRefusedReversePathRefusesAll() throws Exception {
        world(
                peer -> {
                    peer.always("MAIL", "550 5.7.1 not you");
                    ClientSession session = open();
                    assertThat(said(session.transact(mail("a@x.example", "b@x.example"))))
                            .containsExactly("SAID MAIL 550", "SAID MAIL 550");
                    assertThat(session.isUsable()).isTrue();
                });
    }

    @Test
    void whoAsksForContentAfterRefusingAllGetsALoneDot() throws Exception {
        world(
                peer -> {
                    peer.always("RCPT", "550 5.1.1 nobody").always("DATA", "354 go on");
                    ClientSession session = open();
                    assertThat(said(session.transact(mail("a@x.example"))))
                            .containsExactly("SAID RCPT 550");
                    peer.heal("RCPT");
                    assertThat(session.transact(mail("a@x.example")).get(0).isDelivered()).isTrue();
                    assertThat(peer.received().get(0).content()).isEmpty();
                });
    }

    @Test
    void aConnectionThatBreaksBeforeTheEndIsLostAfterItAmbiguous() throws Exception {
        world(
                peer -> {
                    for (String at : List.of("MAIL", "RCPT", "DATA", ".")) {
                        peer.once(at, ScriptedPeer.CLOSE);
                        ClientSession session = open();
                        Answer answer = session.transact(mail("a@x.example")).get(0);
                        boolean last = at.equals(".");
                        assertThat(answer.kind())
                                .isEqualTo(last ? Answer.Kind.AMBIGUOUS : Answer.Kind.LOST);
                        assertThat(answer.reply().toString().contains("perhaps delivered"))
                                .isEqualTo(last);
                        assertThat(session.isUsable()).isFalse();
                        assertThat(session.transact(mail("a@x.example")).get(0).kind())
                                .isEqualTo(Answer.Kind.LOST);
                    }
                });
    }

    @Test
    void contentStreamedAheadIsAmbiguousWhenTheConnectionBreaks() throws Exception {
        streaming = ClientSettings.Streaming.TRUSTED;
        world(
                peer -> {
                    peer.offers("PIPELINING", "CHUNKING").once("MAIL", ScriptedPeer.CLOSE);
                    assertThat(open().transact(mail("a@x.example")).get(0).kind())
                            .isEqualTo(Answer.Kind.AMBIGUOUS);
                });
    }

    @Test
    void closingIsTakenForAnAnswerAtAnyPoint() throws Exception {
        world(
                peer -> {
                    for (String at : List.of("MAIL", "RCPT TO:<b@", "DATA", ".")) {
                        peer.once(at, "421 4.3.2 closing");
                        ClientSession session = open();
                        var answers = session.transact(mail("a@x.example", "b@x.example"));
                        assertThat(answers)
                                .allSatisfy(a -> assertThat(a.reply().code()).isEqualTo(421));
                        assertThat(session.isUsable()).isFalse();
                    }
                });
    }

    @Test
    void aHostThatSaysNothingIsLeftAtTheDeadline() throws Exception {
        world(
                peer -> {
                    peer.once("GREETING", ScriptedPeer.SILENCE);
                    long before = sim.time().nanos();
                    assertThat(refused().stage()).isEqualTo(Stage.GREETING);
                    assertThat(Duration.ofNanos(sim.time().nanos() - before))
                            .isEqualTo(Duration.ofMinutes(5));
                    peer.once(".", ScriptedPeer.SILENCE);
                    long start = sim.time().nanos();
                    Answer answer = open().transact(mail("a@x.example")).get(0);
                    assertThat(answer.kind()).isEqualTo(Answer.Kind.AMBIGUOUS);
                    assertThat(Duration.ofNanos(sim.time().nanos() - start))
                            .isEqualTo(Duration.ofMinutes(10));
                });
    }

    @Test
    void garbageAndEndlessRepliesEndTheConversation() throws Exception {
        world(
                peer -> {
                    for (String garbage :
                            List.of("hello", "250-a\r\n251 b", "2".repeat(5000), "999 x")) {
                        peer.once("GREETING", garbage);
                        assertThat(refused().said()).isFalse();
                        peer.once("RCPT", garbage);
                        ClientSession session = open();
                        assertThat(session.transact(mail("a@x.example")).get(0).kind())
                                .isEqualTo(Answer.Kind.LOST);
                        assertThat(session.isUsable()).isFalse();
                    }
                    peer.once("RCPT", "250-x\r\n".repeat(500) + "250 x");
                    assertThat(open().transact(mail("a@x.example")).get(0).kind())
                            .isEqualTo(Answer.Kind.LOST);
                    peer.once("RCPT", "354 what");
                    assertThat(open().transact(mail("a@x.example")).get(0).kind())
                            .isEqualTo(Answer.Kind.LOST);
                });
    }

    @Test
    void heloIsSaidWhereEhloIsNotKnown() throws Exception {
        world(
                peer -> {
                    peer.once("EHLO", "502 5.5.1 what?");
                    ClientSession session = open();
                    assertThat(session.transact(mail("a@x.example")).get(0).isDelivered()).isTrue();
                    assertThat(peer.commands()).contains("HELO us.example");
                    assertThat(peer.received().get(0).mail())
                            .isEqualTo("MAIL FROM:<ada@us.example>");
                    peer.once("EHLO", "421 4.3.2 busy");
                    assertThat(refused().stage()).isEqualTo(Stage.HELLO);
                    peer.once("GREETING", "554 5.7.1 not you");
                    assertThat(refused().reply().code()).isEqualTo(554);
                });
    }

    @Test
    void startTlsIsUsedWhereOfferedAndEhloIsSaidAgain() throws Exception {
        useTls = ClientSettings.UseTls.WHERE_OFFERED;
        world(
                peer -> {
                    peer.offers("STARTTLS", "PIPELINING");
                    ClientSession session = open();
                    assertThat(session.tls()).isPresent();
                    assertThat(session.transact(mail("a@x.example")).get(0).isDelivered()).isTrue();
                    assertThat(peer.commands())
                            .startsWith("EHLO us.example", "STARTTLS", "EHLO us.example");
                    peer.once("STARTTLS", "454 4.7.0 not now");
                    assertThat(open().tls()).isEmpty();
                    sim.network().host(HOST).failTls(true);
                    assertThat(refused().stage()).isEqualTo(Stage.TLS);
                });
    }

    @Test
    void tlsThatIsNeededAndNotOfferedOrNotTrustedEndsIt() throws Exception {
        useTls = ClientSettings.UseTls.REQUIRED;
        world(
                peer -> {
                    assertThat(refused().stage()).isEqualTo(Stage.TLS);
                    assertThat(peer.commands()).noneMatch(line -> line.startsWith("MAIL"));
                    peer.offers("STARTTLS");
                    assertThat(open().tls()).isPresent();
                    sim.network().host(HOST).certificateFor("other.example");
                    assertThat(refused().stage()).isEqualTo(Stage.TLS);
                });
    }

    @Test
    void implicitTlsComesBeforeTheGreeting() throws Exception {
        useTls = ClientSettings.UseTls.IMPLICIT;
        world(
                peer -> {
                    peer.implicitTls();
                    assertThat(open().transact(mail("a@x.example")).get(0).isDelivered()).isTrue();
                });
    }

    @Test
    void passwordsGoOverTlsOnlyUnlessTlsIsOff() throws Exception {
        user = "ada";
        useTls = ClientSettings.UseTls.WHERE_OFFERED;
        world(
                peer -> {
                    peer.offers("AUTH PLAIN");
                    assertThat(refused().stage()).isEqualTo(Stage.AUTH);
                    assertThat(peer.commands()).noneMatch(line -> line.startsWith("AUTH"));
                    peer.offers("AUTH PLAIN LOGIN", "STARTTLS");
                    assertThat(opening()).isInstanceOf(Opening.Opened.class);
                    assertThat(peer.commands().getLast()).isEqualTo("AUTH PLAIN AGFkYQBzZWNyZXQ=");
                    useTls = ClientSettings.UseTls.OFF;
                    peer.offers("AUTH=LOGIN");
                    peer.once("AUTH LOGIN", "334 VXNlcm5hbWU6");
                    peer.once("YWRh", "334 UGFzc3dvcmQ6");
                    peer.once("c2VjcmV0", "235 2.7.0 welcome");
                    assertThat(opening()).isInstanceOf(Opening.Opened.class);
                    peer.once("AUTH LOGIN", "535 5.7.8 wrong");
                    assertThat(refused().reply().code()).isEqualTo(535);
                    peer.offers("AUTH CRAM-MD5");
                    assertThat(refused().said()).isFalse();
                });
    }

    @Test
    void dsnParametersGoOnWhereTheHostKnowsThem() throws Exception {
        options = new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.HDRS, "QQ314159", "", false);
        var notify = new Notify(true, true, true, false);
        world(
                peer -> {
                    var recipient =
                            new Recipient(
                                    Mailbox.parse("a@x.example"), notify, "rfc822;b@x.example");
                    var transaction =
                            new Transaction(
                                    Mailbox.parse("ada@us.example"),
                                    options,
                                    List.of(recipient),
                                    Text.of("x\r\n"));
                    open().transact(transaction);
                    assertThat(peer.received().get(0).mail()).endsWith(" RET=HDRS ENVID=QQ314159");
                    assertThat(peer.received().get(0).rcpts())
                            .containsExactly(
                                    "RCPT TO:<a@x.example> NOTIFY=SUCCESS,FAILURE"
                                            + " ORCPT=rfc822;b@x.example");
                    peer.offers("PIPELINING");
                    open().transact(transaction);
                    assertThat(peer.received().get(1).mail())
                            .isEqualTo("MAIL FROM:<ada@us.example>");
                    assertThat(peer.received().get(1).rcpts())
                            .containsExactly("RCPT TO:<a@x.example>");
                });
    }

    /** Ours may be longer in xtext than RFC 3461 section 4.2 lets any host take. */
    @Test
    void tooLongAnOriginalRecipientIsNotSent() throws Exception {
        String longest = "rfc822;" + "+3D".repeat(160) + "b@x.example12";
        assertThat(longest).hasSize(500);
        world(
                peer -> {
                    for (String original : List.of(longest, longest + "3")) {
                        var recipient =
                                new Recipient(
                                        Mailbox.parse("a@x.example"), Notify.UNSPECIFIED, original);
                        open().transact(
                                        new Transaction(
                                                Mailbox.parse("ada@us.example"),
                                                options,
                                                List.of(recipient),
                                                Text.of("x\r\n")));
                    }
                    assertThat(peer.received().get(0).rcpts())
                            .containsExactly("RCPT TO:<a@x.example> ORCPT=" + longest);
                    assertThat(peer.received().get(1).rcpts())
                            .containsExactly("RCPT TO:<a@x.example>");
                });
    }

    @Test
    void whatAHostCantTakeIsNotSent() throws Exception {
        options =
                new MailOptions(0, BodyType.EIGHT_BIT_MIME, false, Ret.UNSPECIFIED, "", "", false);
        var eightBit = Text.of("Subject: x\r\n\r\n\u00e9\r\n");
        var ascii = Text.of("Subject: x\r\n\r\ne\r\n");
        world(
                peer -> {
                    assertThat(open().transact(mail(eightBit, "a@x.example")).get(0).isDelivered())
                            .isTrue();
                    assertThat(peer.received().get(0).mail()).endsWith(" BODY=8BITMIME");
                    peer.offers("PIPELINING", "SIZE 16");
                    assertThat(said(open().transact(mail(ascii, "a@x.example"))))
                            .containsExactly("UNSUPPORTED MAIL 552");
                    peer.offers("PIPELINING");
                    Answer answer = open().transact(mail(eightBit, "a@x.example")).get(0);
                    assertThat(answer.reply().status().toString()).isEqualTo("5.6.3");
                    assertThat(open().transact(mail(ascii, "a@x.example")).get(0).isDelivered())
                            .isTrue();
                    assertThat(peer.received().get(1).mail())
                            .isEqualTo("MAIL FROM:<ada@us.example>");
                });
    }

    @Test
    void utf8AddressesNeedAHostThatKnowsThemAndDomainsDoNot() throws Exception {
        options = new MailOptions(0, BodyType.SEVEN_BIT, true, Ret.UNSPECIFIED, "", "", false);
        world(
                peer -> {
                    String[] both = {"ad\u00e4@x.example", "ada@b\u00fccher.example"};
                    assertThat(open().transact(mail(both)))
                            .allSatisfy(a -> assertThat(a.isDelivered()).isTrue());
                    assertThat(peer.received().get(0).mail()).endsWith(" SMTPUTF8");
                    assertThat(peer.received().get(0).rcpts().get(0)).contains("ad\u00e4@");
                    peer.offers("PIPELINING", "8BITMIME");
                    var answers = open().transact(mail(both));
                    assertThat(said(answers))
                            .containsExactly("UNSUPPORTED RCPT 550", "SAID CONTENT 250");
                    assertThat(answers.get(0).reply().status().toString()).isEqualTo("5.6.7");
                    assertThat(peer.received().get(1).rcpts())
                            .containsExactly("RCPT TO:<ada@xn--bcher-kva.example>");
                    var header = Text.of("Subject: \u00e9\r\n\r\nx\r\n");
                    assertThat(said(open().transact(mail(header, "a@x.example"))))
                            .containsExactly("UNSUPPORTED MAIL 550");
                });
    }

    @Test
    void requireTlsGoesToHostsThatProveTheirNameAndOfferItOnly() throws Exception {
        options = new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.UNSPECIFIED, "", "", true);
        useTls = ClientSettings.UseTls.WHERE_OFFERED;
        world(
                peer -> {
                    peer.offers("STARTTLS", "REQUIRETLS");
                    assertThat(open().transact(mail("a@x.example")).get(0).isDelivered()).isTrue();
                    assertThat(peer.received().getFirst().mail()).endsWith(" REQUIRETLS");

                    nameIsOurs = false;
                    List<Answer> forged = open().transact(mail("a@x.example"));
                    assertThat(said(forged)).containsExactly("UNSUPPORTED MAIL 550");
                    assertThat(forged.getFirst().reply().status().toString()).isEqualTo("5.7.30");
                    nameIsOurs = true;
                    peer.offers("STARTTLS");
                    assertThat(said(open().transact(mail("a@x.example"))))
                            .containsExactly("UNSUPPORTED MAIL 550");
                    peer.offers("REQUIRETLS");
                    assertThat(said(open().transact(mail("a@x.example"))))
                            .containsExactly("UNSUPPORTED MAIL 550");
                    assertThat(peer.received()).hasSize(1);
                });
    }

    /** RFC 8689 section 5. */
    @Test
    void aReportAsksForRequireTlsAndLeavesWithoutIt() throws Exception {
        options = new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.FULL, "", "", true);
        useTls = ClientSettings.UseTls.WHERE_OFFERED;
        world(
                peer -> {
                    var report =
                            new Transaction(
                                    ReversePath.NULL,
                                    options,
                                    List.of(Recipient.of(Mailbox.parse("a@x.example"))),
                                    Text.of("Subject: x\r\n\r\n"));
                    peer.offers("STARTTLS", "REQUIRETLS", "DSN");
                    assertThat(open().transact(report).get(0).isDelivered()).isTrue();
                    assertThat(peer.received().getLast().mail())
                            .isEqualTo("MAIL FROM:<> REQUIRETLS RET=HDRS");
                    peer.offers("STARTTLS");
                    assertThat(open().transact(report).get(0).isDelivered()).isTrue();
                    assertThat(peer.received().getLast().mail()).isEqualTo("MAIL FROM:<>");
                });
    }

    @Test
    void largeContentArrivesWholeByDataAndByChunk() throws Exception {
        var lines = new StringBuilder("Subject: x\r\n\r\n");
        for (int i = 0; i < 20_000; i++) {
            lines.append(i % 7 == 0 ? "." : "").append("line ").append(i).append("\r\n");
        }
        var large = Text.of(lines.toString());
        world(
                peer -> {
                    assertThat(open().transact(mail(large, "a@x.example")).get(0).isDelivered())
                            .isTrue();
                    peer.offers("PIPELINING", "CHUNKING");
                    assertThat(open().transact(mail(large, "a@x.example")).get(0).isDelivered())
                            .isTrue();
                    assertThat(peer.received())
                            .allSatisfy(r -> assertThat(r.content()).isEqualTo(lines.toString()));
                });
    }

    @Test
    void contentThatCantBeReadIsNeverSentAsWhole() throws Exception {
        world(
                peer -> {
                    Content broken =
                            new Content() {
                                @Override
                                public long octets() {
                                    return 100;
                                }

                                @Override
                                public int read(long position, byte[] into, int at, int length) {
                                    throw new java.io.UncheckedIOException(
                                            new IOException("damaged"));
                                }

                                @Override
                                public void close() {}
                            };
                    ClientSession session = open();
                    assertThat(session.transact(mail(broken, "a@x.example")).get(0).kind())
                            .isEqualTo(Answer.Kind.LOST);
                    assertThat(session.isUsable()).isFalse();
                    assertThat(peer.received()).isEmpty();
                });
    }
}
