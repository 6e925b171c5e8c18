package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Content;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Reply;
import org.posthouse.server.SessionView;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Hooks at every stage, and what is said for each of their answers. */
class HooksTest {
    private static final String CLIENT = "203.0.113.9";
    private static final String GREETED = "S: 220 *\nC: HELO client.example\nS: 250 *\n";
    private static final String ENVELOPE =
            GREETED
                    + """
                    C: MAIL FROM:<app@client.example>
                    S: 250 *
                    C: RCPT TO:<ada@shop.example>
                    S: 250 *
                    """;
    private static final String QUIT = "C: QUIT\nS: 221 *\n";

    private final World world = new World();

    private void play(PosthouseBuilder builder, String dialogue) {
        world.with(
                builder,
                mail -> {
                    world.play(CLIENT, dialogue);
                    world.sim.settle();
                });
    }

    private String stored() {
        List<String> mails = world.stored("shop.example", "ada");
        assertThat(mails).hasSize(1);
        return mails.getFirst();
    }

    /** A reply is ASCII (RFC 5321 section 4.2), and so is a Message-ID. */
    @Test
    void aNameBeyondAsciiIsSaidInALabels() {
        play(
                world.builder().hostname("bücher.example"),
                "S: 220 xn--bcher-kva.example ESMTP\nC: HELO x.example\n"
                        + "S: 250 xn--bcher-kva.example\n"
                        + QUIT);
    }

    @Test
    void connectSaysItsOwnGreetingRefusesOrDisconnects() {
        play(
                world.builder().onConnect(s -> Answer.reply(220, "2.0.0", "welcome")),
                "S: 220 2.0.0 welcome\n" + QUIT);
        play(
                world.builder().onConnect(s -> Answer.refuse(554, "5.7.1", "not you")),
                "S: 554 5.7.1 not you *\nC: EHLO x.example\nS: 503 *\n" + QUIT);
        play(
                world.builder().onConnect(s -> Answer.disconnect(421, "4.7.0", "later")),
                "S: 421 4.7.0 later *\nS: <close>\n");
    }

    @Test
    void anAnswerThatDoesNotFitTheStageIsALocalError() {
        play(
                world.builder()
                        .onMail((s, path, options) -> Answer.reply(220, "2.0.0", "welcome"))
                        .onHello((s, name) -> Answer.reply(250, "2.0.0", "no keywords")),
                "S: 220 *\nC: EHLO x.example\nS: 451 4.3.0 *\n" + QUIT);
        assertThatThrownBy(() -> Answer.reply(354, "0.0.0", "go on"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Answer.refuse(250, "2.0.0", "ok"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownRepliesAtMailRecipientContentAndReset() {
        play(
                world.builder()
                        .onMail((s, path, options) -> Answer.reply(250, "2.1.0", "hello " + path))
                        .onRecipient(
                                (s, to) ->
                                        Answer.reply(
                                                250, "2.1.5", "for " + to.mailbox().localPart()))
                        .onReset(s -> Answer.reply(250, "2.0.0", "forgotten"))
                        .onReceived(m -> m.reply("2.6.0", "ticket 17")),
                GREETED
                        + """
                        C: MAIL FROM:<app@client.example>
                        S: 250 2.1.0 hello app@client.example
                        C: RSET
                        S: 250 2.0.0 forgotten
                        C: MAIL FROM:<app@client.example>
                        S: 250 2.1.0 hello *
                        C: RCPT TO:<ada@shop.example>
                        S: 250 2.1.5 for ada
                        C: DATA
                        S: 354 *
                        C: Subject: x
                        C: .
                        S: 250 2.6.0 ticket 17
                        """
                        + QUIT);
        assertThat(stored()).contains("Subject: x");
    }

    @Test
    void hooksSeeTheTransactionSoFar() {
        var seen = new ArrayList<String>();
        play(
                world.builder()
                        .onMail(
                                (s, path, options) -> {
                                    seen.add(
                                            path + " " + options.declaredOctets() + transaction(s));
                                    return Answer.proceed();
                                })
                        .onRecipient(
                                (s, to) -> {
                                    seen.add(to.originalRecipient() + transaction(s));
                                    return Answer.proceed();
                                })
                        .onReset(
                                s -> {
                                    seen.add("reset" + transaction(s));
                                    return Answer.proceed();
                                }),
                """
                S: 220 *
                C: EHLO client.example
                S: 250-mail.shop.example
                S: 250-PIPELINING
                S: 250-SIZE *
                S: 250-ENHANCEDSTATUSCODES
                S: 250-8BITMIME
                S: 250-SMTPUTF8
                S: 250-CHUNKING
                S: 250-DSN
                S: 250 LIMITS *
                C: MAIL FROM:<app@client.example> SIZE=17
                S: 250 *
                C: RCPT TO:<ada@shop.example> ORCPT=rfc822;a@b.example
                S: 250 *
                C: RCPT TO:<bob@shop.example>
                S: 250 *
                C: RSET
                S: 250 *
                """
                        + QUIT);
        assertThat(seen)
                .containsExactly(
                        "app@client.example 17 none []",
                        "rfc822;a@b.example app@client.example []",
                        " app@client.example [ada@shop.example]",
                        "reset none []");
    }

    private static String transaction(SessionView session) {
        String path = session.reversePath().map(Object::toString).orElse("none");
        assertThat(session.mailOptions().isPresent()).isEqualTo(session.reversePath().isPresent());
        return " " + path + " " + session.recipients();
    }

    @Test
    void receivedReadsTheContent() {
        var seen = new ArrayList<String>();
        String line = "x".repeat(70);
        play(
                world.builder()
                        .onReceived(
                                m -> {
                                    String text = text(m.content());
                                    seen.add(text.length() + " " + m.content().octets());
                                    seen.add(text.substring(0, Math.min(40, text.length())));
                                    if (text.contains("virus")) {
                                        m.refuse(554, "5.7.1", "not this");
                                    }
                                }),
                ENVELOPE
                        + "C: DATA\nS: 354 *\nC: Subject: one\nC:\nC: ..dot\n"
                        + ("C: " + line + "\n").repeat(6000) // beyond what is kept in memory
                        + "C: .\nS: 250 *\n"
                        + ENVELOPE.substring(ENVELOPE.indexOf("C: MAIL"))
                        + "C: DATA\n"
                        + "S: 354 *\n"
                        + "C: Subject: two\n"
                        + "C:\n"
                        + "C: a virus\n"
                        + "C: .\n"
                        + "S: 554 5.7.1 *\n"
                        + QUIT);
        int octets = 14 + 2 + 6 + 6000 * 72;
        assertThat(seen)
                .containsExactly(
                        octets + " " + octets,
                        "Subject: one\r\n\r\n.dot\r\n" + "x".repeat(18),
                        "25 25",
                        "Subject: two\r\n\r\na virus\r\n");
        assertThat(stored()).contains("Subject: one");
    }

    private static String text(Content content) {
        try {
            return new String(content.stream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refusalsAtMailRecipientAndReset() {
        play(
                world.builder()
                        .onMail(
                                (s, path, options) ->
                                        path.address().startsWith("no")
                                                ? Answer.refuse(550, "5.7.1", "not you")
                                                : Answer.proceed())
                        .onRecipient(
                                (s, to) ->
                                        to.mailbox().localPart().equals("eve")
                                                ? Answer.disconnect(421, "4.7.0", "enough")
                                                : Answer.refuse(450, "4.2.1", "later"))
                        .onReset(s -> Answer.refuse(450, "4.3.0", "stay")),
                GREETED
                        + """
                        C: MAIL FROM:<no@client.example>
                        S: 550 5.7.1 not you (PH-H100)
                        C: MAIL FROM:<app@client.example>
                        S: 250 *
                        C: RCPT TO:<bob@shop.example>
                        S: 450 4.2.1 later (PH-H100)
                        C: RSET
                        S: 450 4.3.0 stay *
                        C: MAIL FROM:<app@client.example>
                        S: 250 *
                        C: RCPT TO:<eve@shop.example>
                        S: 421 4.7.0 enough *
                        S: <close>
                        """);
    }

    @Test
    void receivedRefusesOrDisconnects() {
        play(
                world.builder().onReceived(m -> m.disconnect(554, "5.7.1", "spam")),
                ENVELOPE
                        + "C: DATA\nS: 354 *\nC: Subject: x\nC: .\nS: 554 5.7.1 spam *\n"
                        + "S: <close>\n");
        play(
                world.builder().onReceived(m -> m.refuse(451, "4.7.1", "later")),
                ENVELOPE + "C: DATA\nS: 354 *\nC: Subject: x\nC: .\nS: 451 4.7.1 later *\n" + QUIT);
        assertThat(world.stored("shop.example", "ada")).isEmpty();
    }

    @Test
    void ownVerbAndOwnKeyword() {
        play(
                Posthouse.builder()
                        .platform(world.sim)
                        .data(World.DATA)
                        .hostname("mail.shop.example")
                        .listen(World.HERE, l -> l.keyword("XSHOP 2 basket"))
                        .onUnknownCommand(
                                (s, verb, argument) ->
                                        verb.equals("XSHOP")
                                                ? Reply.of(250, "2.0.0", "sold " + argument)
                                                : Reply.of(500, "5.5.1", "what?"))
                        .onVerify((s, name) -> Reply.of(250, "2.1.5", name + " is here"))
                        .onExpand((s, list) -> Reply.of(550, "5.7.1", "not told")),
                """
                S: 220 *
                C: EHLO client.example
                S: 250-mail.shop.example
                S: 250-PIPELINING
                S: 250-SIZE *
                S: 250-ENHANCEDSTATUSCODES
                S: 250-8BITMIME
                S: 250-SMTPUTF8
                S: 250-CHUNKING
                S: 250-DSN
                S: 250-LIMITS *
                S: 250 XSHOP 2 basket
                C: XSHOP apples
                S: 250 2.0.0 sold apples
                C: XOTHER
                S: 500 5.5.1 what?
                C: VRFY ada
                S: 250 2.1.5 ada is here
                C: EXPN all
                S: 550 5.7.1 not told
                """
                        + QUIT);
    }

    @Test
    void keywordsAreChecked() {
        for (String ours : List.of("size 5", "AUTH PLAIN", "STARTTLS")) {
            assertThat(problems(ours)).containsExactly("PH-C028");
        }
        for (String none : List.of("", "-X", "X Y ", "X\r\nY", "Ü", "X".repeat(501))) {
            assertThat(problems(none)).containsExactly("PH-C027");
        }
        assertThat(problems("X-1 a=b c")).isEmpty();
    }

    private List<String> problems(String keyword) {
        PosthouseBuilder builder = Posthouse.builder().listen(World.HERE, l -> l.keyword(keyword));
        return builder.problems().stream().map(PosthouseException.Problem::code).toList();
    }

    @Test
    void aHookThatHangsCostsItsCommandOnly() {
        var interrupted = new CountDownLatch(1);
        var troubles = new ArrayList<MailEvent.Trouble>();
        play(
                world.builder()
                        .hookTimeout(Duration.ofSeconds(7))
                        .on(MailEvent.Trouble.class, troubles::add)
                        .onRecipient(
                                (s, to) -> {
                                    if (to.mailbox().localPart().equals("slow")) {
                                        hang(interrupted);
                                    }
                                    return Answer.accept();
                                }),
                GREETED
                        + """
                        C: MAIL FROM:<app@client.example>
                        S: 250 *
                        C: RCPT TO:<slow@shop.example>
                        S: 451 4.3.0 *
                        C: RCPT TO:<ada@shop.example>
                        S: 250 *
                        C: DATA
                        S: 354 *
                        C: Subject: x
                        C: .
                        S: 250 *
                        """
                        + QUIT);
        assertThat(stored()).contains("Subject: x");
        assertThat(interrupted.getCount()).isZero();
        assertThat(troubles).singleElement().asString().contains("PH-H101");
    }

    /** Waits for what never comes. */
    private void hang(CountDownLatch interrupted) {
        try {
            world.sim.time().sleep(Duration.ofDays(1));
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
    }

    @Test
    void whateverAHookThrowsCostsItsCommandOnly() {
        for (Throwable thrown :
                List.of(
                        new IllegalStateException("x"),
                        new AssertionError("x"),
                        new NoClassDefFoundError("x"),
                        new StackOverflowError())) {
            play(
                    world.builder().onMail((s, path, options) -> thrown(thrown)),
                    GREETED + "C: MAIL FROM:<a@x.example>\nS: 451 4.3.0 *\n" + QUIT);
        }
        play(
                world.builder().onMail((s, path, options) -> nothing()),
                GREETED + "C: MAIL FROM:<a@x.example>\nS: 451 4.3.0 *\n" + QUIT);
    }

    @SuppressWarnings("NullAway") // a program may be that wrong
    private static Answer nothing() {
        return null;
    }

    private static Answer thrown(Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    @Test
    void aHookMayEndTheSession() {
        play(
                world.builder()
                        .onMail(
                                (s, path, options) -> {
                                    s.disconnect();
                                    return Answer.proceed();
                                }),
                GREETED + "C: MAIL FROM:<a@x.example>\nS: 250 *\nS: 421 4.7.0 *\nS: <close>\n");
    }

    private void edit(Consumer<HeaderEdit> hook, String content, String reply) {
        play(
                world.builder().onHeaders(hook::accept),
                ENVELOPE + "C: DATA\nS: 354 *\n" + content + "C: .\nS: " + reply + "\n" + QUIT);
    }

    /** What is stored below our own trace fields. */
    private String storedBelowTrace() {
        String mail = stored();
        int received = mail.indexOf("Received: ");
        int at = mail.indexOf("\r\n", received);
        while (mail.charAt(at + 2) == ' ' || mail.charAt(at + 2) == '\t') {
            at = mail.indexOf("\r\n", at + 2);
        }
        return mail.substring(at + 2);
    }

    @Test
    void headersAreAddedSetAndRemovedBeforeTheyAreStored() {
        var seen = new ArrayList<String>();
        edit(
                h -> {
                    seen.addAll(h.names());
                    seen.addAll(h.all("x-two"));
                    seen.add(h.first("subject").orElseThrow());
                    h.add("X-Top", "yes");
                    h.set("Subject", "[shop] " + h.first("Subject").orElse(""));
                    h.set("X-End", "yes");
                    h.removeAll("Bcc");
                },
                """
                C: X-Two:  a
                C: Bcc: eve@shop.example,
                C:  mallory@shop.example
                C: Subject: a long
                C:  folded one
                C: x-two: b
                C:
                C: X-Top: in the body
                C: ..
                """,
                "250 *");
        assertThat(seen)
                .containsExactly("X-Two", "Bcc", "Subject", "x-two", "a", "b", "a long folded one");
        assertThat(storedBelowTrace())
                .isEqualTo(
                        """
                        X-Top: yes
                        X-Two:  a
                        Subject: [shop] a long folded one
                        x-two: b
                        X-End: yes

                        X-Top: in the body
                        .
                        """
                                .replace("\n", "\r\n"));
    }

    @Test
    void aMessageWithoutHeaderGetsOne() {
        edit(h -> h.add("Subject", "none"), "C: no field here\nC: at all\n", "250 *");
        assertThat(storedBelowTrace())
                .isEqualTo("Subject: none\r\n\r\nno field here\r\nat all\r\n");
    }

    @Test
    void aMessageOfAHeaderAloneIsShownToo() {
        edit(h -> h.add("X-A", "1"), "C: Subject: x\n", "250 *");
        assertThat(storedBelowTrace()).isEqualTo("X-A: 1\r\nSubject: x\r\n");
    }

    @Test
    void headersRefuseTheMessageWhenAllOfItWasRead() {
        edit(h -> h.refuse(550, "5.7.1", "no"), "C: Subject: x\nC:\nC: y\n", "550 5.7.1 no *");
        play(
                world.builder().onHeaders(h -> h.disconnect(550, "5.7.1", "no")),
                ENVELOPE + "C: DATA\nS: 354 *\nC: S: x\nC: .\nS: 550 5.7.1 no *\nS: <close>\n");
        assertThat(world.stored("shop.example", "ada")).isEmpty();
    }

    @Test
    void whatIsNoFieldCannotBeAdded() {
        for (String value : List.of("a\r\nBcc: b", "a\nb", "a\0", "ü", "x".repeat(1000))) {
            edit(h -> h.add("X-A", value), "C: Subject: x\n", "451 4.3.0 *");
        }
        for (String name : List.of("", "X A", "X:", "X\r\nY", "Ü")) {
            edit(h -> h.set(name, "v"), "C: Subject: x\n", "451 4.3.0 *");
        }
        assertThat(world.stored("shop.example", "ada")).isEmpty();
    }

    @Test
    void longValuesAreFolded() {
        String value = "word ".repeat(60).strip();
        edit(h -> h.add("X-Long", value), "C: Subject: x\n", "250 *");
        String mail = storedBelowTrace();
        assertThat(mail.lines()).allMatch(line -> line.length() <= 78);
        assertThat(mail.replace("\r\n ", " ")).startsWith("X-Long: " + value + "\r\n");
    }

    @Test
    void theHeaderIsHeldBackOverChunksSplitAnywhere() {
        String content = "X: a\r\n b\r\nSubject: c\r\n\r\nbody: d\r\n";
        for (int split = 0; split <= content.length(); split++) {
            var fresh = new World(split);
            String first = chunk(content.substring(0, split), "");
            String second = chunk(content.substring(split), " LAST");
            fresh.with(
                    fresh.builder().onHeaders(h -> h.set("subject", "z")),
                    mail -> {
                        fresh.play(CLIENT, ENVELOPE + first + second + QUIT);
                        fresh.sim.settle();
                    });
            assertThat(fresh.stored("shop.example", "ada"))
                    .as("split at %s", split)
                    .singleElement()
                    .asString()
                    .endsWith("\r\nX: a\r\n b\r\nsubject: z\r\n\r\nbody: d\r\n");
        }
    }

    private static String chunk(String octets, String last) {
        String escaped = octets.replace("\r", "\\r").replace("\n", "\\n");
        return "C: BDAT " + octets.length() + last + "\nC> " + escaped + "\nS: 250 *\n";
    }

    /**
     * Random fields and edits: what is not touched stays, octet for octet, and so does the body.
     */
    @Test
    void untouchedFieldsKeepTheirOctets() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new Random(seed);
            var kept = new StringBuilder();
            var lines = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                boolean gone = random.nextInt(4) == 0;
                String field = (gone ? "X-Gone" : "X-" + i) + ": " + "v ".repeat(i) + "e";
                if (random.nextBoolean()) {
                    field += "\r\n\t" + "w".repeat(1 + random.nextInt(50));
                }
                lines.append("C: ").append(field.replace("\r\n", "\nC: ")).append('\n');
                kept.append(gone ? "" : field + "\r\n");
            }
            var fresh = new World(seed);
            fresh.with(
                    fresh.builder().onHeaders(h -> h.removeAll("x-gone")),
                    mail -> {
                        fresh.play(
                                CLIENT,
                                ENVELOPE
                                        + "C: DATA\nS: 354 *\n"
                                        + lines
                                        + "C:\nC: X-Gone: no\nC: .\nS: 250 *\n"
                                        + QUIT);
                        fresh.sim.settle();
                    });
            assertThat(fresh.stored("shop.example", "ada"))
                    .singleElement()
                    .asString()
                    .endsWith(kept + "\r\nX-Gone: no\r\n");
        }
    }
}
