package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

class CommandParserTest {
    private final CommandParser parser = new CommandParser("Local.Example");

    private Command parse(String line) {
        return parse(line, false);
    }

    private Command parse(String line, boolean smtpUtf8) {
        byte[] octets = ("<" + line + ">").getBytes(StandardCharsets.UTF_8);
        return parser.parse(octets, 1, octets.length - 1, smtpUtf8);
    }

    private String refusal(String line, boolean smtpUtf8) {
        Command command = parse(line, smtpUtf8);
        assertThat(command).as(line).isInstanceOf(Command.Malformed.class);
        Reply reply = ((Command.Malformed) command).reply();
        return reply.code() + " " + reply.status();
    }

    private MailOptions options(String parameters) {
        return ((Command.Mail) parse("MAIL FROM:<a@x>" + parameters)).options();
    }

    private Recipient recipient(String rest) {
        return ((Command.Rcpt) parse("RCPT TO:" + rest)).recipient();
    }

    @Test
    void readsCommandsWithoutArguments() {
        assertThat(parse("DATA")).isEqualTo(new Command.Data());
        assertThat(parse("rSeT   ")).isEqualTo(new Command.Rset());
        assertThat(parse("quit")).isEqualTo(new Command.Quit());
        assertThat(parse("StartTLS")).isEqualTo(new Command.StartTls());
        assertThat(parse("NOOP")).isEqualTo(new Command.Noop());
        assertThat(parse("NOOP anything <ü>")).isEqualTo(new Command.Noop());
    }

    @Test
    void readsCommandsWithText() {
        assertThat(parse("HELO  mx.example ")).isEqualTo(new Command.Helo("mx.example"));
        assertThat(parse("ehlo [192.0.2.1]")).isEqualTo(new Command.Ehlo("[192.0.2.1]"));
        assertThat(parse("EHLO under_score!")).isEqualTo(new Command.Ehlo("under_score!"));
        assertThat(parse("HELP")).isEqualTo(new Command.Help(""));
        assertThat(parse("HELP mail")).isEqualTo(new Command.Help("mail"));
        assertThat(parse("VRFY ada l")).isEqualTo(new Command.Vrfy("ada l"));
        assertThat(parse("EXPN list")).isEqualTo(new Command.Expn("list"));
        assertThat(parse("xFoo  bar ")).isEqualTo(new Command.Unknown("XFOO", "bar"));
        assertThat(parse("GET / HTTP/1.1")).isEqualTo(new Command.Unknown("GET", "/ HTTP/1.1"));
    }

    @Test
    void readsMail() {
        Mailbox ada = Mailbox.parse("ada@example.net");
        assertThat(parse("MAIL FROM:<ada@example.net>"))
                .isEqualTo(new Command.Mail(ada, MailOptions.NONE));
        assertThat(parse("mail from: <ada@example.net>  "))
                .isEqualTo(new Command.Mail(ada, MailOptions.NONE));
        assertThat(parse("MAIL  FROM:<>"))
                .isEqualTo(new Command.Mail(ReversePath.NULL, MailOptions.NONE));
        assertThat(parse("MAIL FROM:<@relay.example:ada@example.net>"))
                .isEqualTo(new Command.Mail(ada, MailOptions.NONE));
    }

    @Test
    void readsParametersOfMail() {
        String all = "  size=12345 BODY=8bitmime SMTPUTF8 RET=HDRS ENVID=QQ+2B1 AUTH=<> requiretls";
        assertThat(options(all))
                .isEqualTo(
                        new MailOptions(
                                12345,
                                BodyType.EIGHT_BIT_MIME,
                                true,
                                Ret.HDRS,
                                "QQ+2B1",
                                "<>",
                                true));
        assertThat(options(" BODY=BINARYMIME").body()).isEqualTo(BodyType.BINARY_MIME);
        assertThat(options(" BODY=7bit").body()).isEqualTo(BodyType.SEVEN_BIT);
        assertThat(options(" RET=full").ret()).isEqualTo(Ret.FULL);
        assertThat(options(" SIZE=99999999999999999999").declaredOctets())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(options(" SIZE=00000000000000000007").declaredOctets()).isEqualTo(7);
    }

    @Test
    void readsRcpt() {
        assertThat(recipient("<ada@example.net>"))
                .isEqualTo(Recipient.of(Mailbox.parse("ada@example.net")));
        assertThat(recipient("<PostMaster>").mailbox())
                .isEqualTo(new Mailbox("PostMaster", "local.example"));
        assertThat(recipient(" <\"a b\"@x>").mailbox().localPart()).isEqualTo("a b");
        Recipient full = recipient("<a@x> NOTIFY=success,DELAY orcpt=rfc822;Bob+2B1@example.org");
        assertThat(full.notifyOn()).isEqualTo(new Notify(true, true, false, true));
        assertThat(full.originalRecipient()).isEqualTo("rfc822;Bob+2B1@example.org");
        assertThat(recipient("<a@x> NOTIFY=never").notifyOn()).isEqualTo(Notify.NEVER);
    }

    @Test
    void readsInternationalizedAddresses() {
        Mailbox ada = Mailbox.parse("adä@exämple.net");
        assertThat(parse("MAIL FROM:<adä@exämple.net> SMTPUTF8"))
                .isInstanceOfSatisfying(
                        Command.Mail.class, m -> assertThat(m.reversePath()).isEqualTo(ada));
        assertThat(parse("RCPT TO:<adä@exämple.net> ORCPT=utf-8;adä@x", true))
                .isInstanceOfSatisfying(
                        Command.Rcpt.class,
                        r -> assertThat(r.recipient().mailbox()).isEqualTo(ada));
        assertThat(recipient("<a@x> ORCPT=utf-8;ad\\x{E4}@x").originalRecipient())
                .isEqualTo("utf-8;ad\\x{E4}@x");
        assertThat(refusal("RCPT TO:<a@x> ORCPT=utf-8;adä@x", false)).isEqualTo("501 5.5.4");
        assertThat(refusal("MAIL FROM:<adä@x>", true)).isEqualTo("553 5.6.7");
        assertThat(refusal("RCPT TO:<adä@x>", false)).isEqualTo("553 5.6.7");
    }

    /** Else a client could break its session by an address that has no other spelling. */
    @Test
    void refusesAddressesThatCantBeSpelledAsOthersAre() {
        String manyLabels = "a".repeat(64) + "@" + "é.".repeat(30) + "example";
        for (String address : new String[] {"a@b.１２", "a@b.１", "a@０x１f", manyLabels}) {
            assertThat(refusal("MAIL FROM:<" + address + "> SMTPUTF8", true))
                    .isEqualTo("501 5.1.7");
            assertThat(refusal("RCPT TO:<" + address + ">", true)).isEqualTo("501 5.1.3");
        }
    }

    /** Old clients call themselves as their user called the machine. */
    @Test
    void readsNamesThatCantBeShown() {
        assertThat(parse("EHLO my pc")).isEqualTo(new Command.Ehlo("my?pc"));
        assertThat(parse("HELO büro.example")).isEqualTo(new Command.Helo("b?ro.example"));
        assertThat(parse("LHLO \u0085\u2028(x)")).isEqualTo(new Command.Lhlo("??(x)"));
        byte[] latin = "EHLO b\u00fcro".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(parser.parse(latin, 0, latin.length)).isEqualTo(new Command.Ehlo("b?ro"));
        assertThat(refusal("EHLO a\tb", false)).isEqualTo("500 5.5.2");
    }

    @Test
    void readsPathsUpToTheirLimit() {
        String longest = "x".repeat(252) + "@x";
        assertThat(parse("MAIL FROM:<" + longest + "> SIZE=1"))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        m -> assertThat(m.reversePath().address()).isEqualTo(longest));
        assertThat(recipient("<" + longest + ">").mailbox().address()).isEqualTo(longest);
        assertThat(refusal("MAIL FROM:<x" + longest + ">", false)).isEqualTo("501 5.1.7");
        assertThat(refusal("RCPT TO:<x" + longest + ">", false)).isEqualTo("501 5.1.3");
    }

    /** Local part and domain fit, each for itself. */
    @Test
    void refusesLocalPartsThatCantBeCompleted() {
        String domain = ("d".repeat(60) + ".").repeat(3) + "example";
        CommandParser completing = parser.completing(domain);
        String line = "RCPT TO:<\"" + "\\\"".repeat(60) + "\">";
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        assertThat(completing.parse(octets, 0, octets.length))
                .isInstanceOf(Command.Malformed.class);
    }

    @Test
    void readsBdat() {
        assertThat(parse("BDAT 0 LAST")).isEqualTo(new Command.Bdat(0, true));
        assertThat(parse("bdat 1234567890123  last "))
                .isEqualTo(new Command.Bdat(1_234_567_890_123L, true));
        assertThat(parse("BDAT 999999999999999999"))
                .isEqualTo(new Command.Bdat(999_999_999_999_999_999L, false));
    }

    @Test
    void readsAuth() {
        assertThat(parse("AUTH plain")).isEqualTo(new Command.Auth("PLAIN", ""));
        assertThat(parse("AUTH PLAIN AGFkYQBwdw=="))
                .isEqualTo(new Command.Auth("PLAIN", "AGFkYQBwdw=="));
        assertThat(parse("AUTH SCRAM-SHA-256 =")).isEqualTo(new Command.Auth("SCRAM-SHA-256", "="));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DATA x | 501 5.5.4",
                "RSET x | 501 5.5.4",
                "QUIT x | 501 5.5.4",
                "STARTTLS x | 501 5.5.4",
                "HELO | 501 5.5.4",
                "EHLO | 501 5.5.4",
                "VRFY | 501 5.5.4",
                "EXPN | 501 5.5.4",
                "BDAT | 501 5.5.4",
                "BDAT x | 501 5.5.4",
                "BDAT -1 | 501 5.5.4",
                "BDAT 1LAST | 501 5.5.4",
                "BDAT 1 LAST x | 501 5.5.4",
                "BDAT 1 FIRST | 501 5.5.4",
                "BDAT 1000000000000000000 | 501 5.5.4",
                "AUTH | 501 5.5.4",
                "AUTH PL@IN | 501 5.5.4",
                "AUTH ABCDEFGHIJKLMNOPQRSTU | 501 5.5.4",
                "AUTH PLAIN AGFk= | 501 5.5.2",
                "AUTH PLAIN A=== | 501 5.5.2",
                "AUTH PLAIN == | 501 5.5.2",
                "AUTH PLAIN AGFk AGFk | 501 5.5.2",
            })
    void refusesOtherCommandsThatBreakTheSyntax(String line, String expected) {
        assertThat(refusal(line, false)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "MAIL | 501 5.5.4",
                "MAIL TO:<a@x> | 501 5.5.4",
                "MAIL FROM <a@x> | 501 5.5.4",
                "MAIL FROM | 501 5.5.4",
                "MAIL FROM: | 501 5.1.7",
                "MAIL FROM:a@x | 501 5.1.7",
                "MAIL FROM:<a> | 501 5.1.7",
                "MAIL FROM:<a@x | 501 5.1.7",
                "MAIL FROM:<a b@x> | 501 5.1.7",
                "MAIL FROM:<a@x>SIZE=1 | 501 5.5.4",
                "MAIL FROM:<a@x>> | 501 5.5.4",
                "MAIL FROM:<a@x> =1 | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE= | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE=1=2 | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE=1x | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE=-1 | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE=000000000000000000001 | 501 5.5.4",
                "MAIL FROM:<a@x> SIZE=1 SIZE=1 | 555 5.5.4",
                "MAIL FROM:<a@x> FOO | 555 5.5.4",
                "MAIL FROM:<a@x> FOO=1 | 555 5.5.4",
                "MAIL FROM:<a@x> NOTIFY=NEVER | 555 5.5.4",
                "MAIL FROM:<a@x> BODY=9BIT | 501 5.5.4",
                "MAIL FROM:<a@x> SMTPUTF8=1 | 501 5.5.4",
                "MAIL FROM:<a@x> RET=ALL | 501 5.5.4",
                "MAIL FROM:<a@x> ENVID=a+2 | 501 5.5.4",
                "MAIL FROM:<a@x> ENVID=+0D+0A | 501 5.5.4",
                "MAIL FROM:<a@x> AUTH | 501 5.5.4",
                "MAIL FROM:<a@x> AUTH=ü | 501 5.5.4",
                "RCPT | 501 5.5.4",
                "RCPT FROM:<a@x> | 501 5.5.4",
                "RCPT TO:<> | 501 5.1.3",
                "RCPT TO:a@x | 501 5.1.3",
                "RCPT TO:<a> | 501 5.1.3",
                "RCPT TO:<poſtmaster> | 501 5.1.3",
                "RCPT TO:<a@127.0.0.1> | 501 5.1.3",
                "RCPT TO:<a@x> SIZE=1 | 555 5.5.4",
                "RCPT TO:<a@x> NOTIFY=NEVER NOTIFY=NEVER | 555 5.5.4",
                "RCPT TO:<a@x> NOTIFY | 501 5.5.4",
                "RCPT TO:<a@x> NOTIFY=NEVER,SUCCESS | 501 5.5.4",
                "RCPT TO:<a@x> NOTIFY=SUCCESS, | 501 5.5.4",
                "RCPT TO:<a@x> NOTIFY=,SUCCESS | 501 5.5.4",
                "RCPT TO:<a@x> ORCPT=a@x | 501 5.5.4",
                "RCPT TO:<a@x> ORCPT=rfc822; | 501 5.5.4",
                "RCPT TO:<a@x> ORCPT=;a@x | 501 5.5.4",
                "RCPT TO:<a@x> ORCPT=rfc822;a+ | 501 5.5.4",
                "RCPT TO:<a@x> ORCPT=r(c;a | 501 5.5.4",
            })
    void refusesPathsAndParametersThatBreakTheSyntax(String line, String expected) {
        assertThat(refusal(line, false)).isEqualTo(expected);
    }

    @Test
    void refusesControlsAndEmptyLines() {
        for (String line : List.of("", "   ", " NOOP", "NOOP\t", "\0", "QUIT\r", "EHLO a\u007f")) {
            assertThat(refusal(line, true)).as(line).isEqualTo("500 5.5.2");
        }
    }

    @Test
    void boundsParameters() {
        String hundred = "x".repeat(100);
        assertThat(options(" ENVID=" + hundred).envelopeId()).isEqualTo(hundred);
        assertThat(refusal("MAIL FROM:<a@x> ENVID=x" + hundred, false)).isEqualTo("501 5.5.4");
        String fiveHundred = "x".repeat(500);
        assertThat(options(" AUTH=" + fiveHundred).auth()).isEqualTo(fiveHundred);
        assertThat(refusal("MAIL FROM:<a@x> AUTH=x" + fiveHundred, false)).isEqualTo("501 5.5.4");
        assertThat(refusal("RCPT TO:<a@x> ORCPT=a;" + fiveHundred, false)).isEqualTo("501 5.5.4");
        assertThat(refusal("EHLO " + "x".repeat(256), false)).isEqualTo("501 5.5.4");
    }

    @Test
    void needsADomainForPostmaster() {
        assertThatThrownBy(() -> new CommandParser("not a domain"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsWhatWasPrinted() {
        var random = new Random(7);
        for (int round = 0; round < 10_000; round++) {
            var path =
                    new Mailbox(
                            MailboxParserTest.localPart(random), MailboxParserTest.domain(random));
            var options =
                    new MailOptions(
                            random.nextLong(Long.MAX_VALUE),
                            BodyType.values()[random.nextInt(3)],
                            true,
                            random.nextBoolean() ? Ret.FULL : Ret.HDRS,
                            Xtext.encode(MailboxParserTest.localPart(random)),
                            Xtext.encode(path.address()),
                            random.nextBoolean());
            assertThat(parse(print(path, options))).isEqualTo(new Command.Mail(path, options));
            var recipient =
                    new Recipient(
                            path,
                            new Notify(true, random.nextBoolean(), random.nextBoolean(), false),
                            "rfc822;" + Xtext.encode(path.address()));
            assertThat(parse(print(recipient), true)).isEqualTo(new Command.Rcpt(recipient));
        }
    }

    @Test
    void isTotal() {
        var random = new Random(8);
        String[] words = {
            "MAIL", "RCPT", "FROM:", "TO:", "<", ">", "a@x", " ", "SIZE=", "1", "BODY=", "NOTIFY=",
            "ORCPT=", "rfc822;", ",", "=", "BDAT", "LAST", "AUTH", "ü", "\0", "\"", "\\", "EHLO"
        };
        for (int round = 0; round < 100_000; round++) {
            var line = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                line.append(words[random.nextInt(words.length)]);
            }
            assertThat(parse(line.toString(), random.nextBoolean()).verb()).isNotNull();
        }
        var octets = new byte[24];
        for (int round = 0; round < 100_000; round++) {
            random.nextBytes(octets);
            assertThat(parser.parse(octets, 0, random.nextInt(24)).verb()).isNotNull();
        }
    }

    private static String print(Mailbox path, MailOptions options) {
        String body =
                switch (options.body()) {
                    case SEVEN_BIT -> "7BIT";
                    case EIGHT_BIT_MIME -> "8BITMIME";
                    case BINARY_MIME -> "BINARYMIME";
                };
        return "MAIL FROM:<%s> SMTPUTF8 SIZE=%d BODY=%s RET=%s ENVID=%s AUTH=%s%s"
                .formatted(
                        path.address(),
                        options.declaredOctets(),
                        body,
                        options.ret(),
                        options.envelopeId(),
                        options.auth(),
                        options.requireTls() ? " REQUIRETLS" : "");
    }

    private static String print(Recipient recipient) {
        return "RCPT TO:<%s> NOTIFY=%s ORCPT=%s"
                .formatted(
                        recipient.mailbox().address(),
                        recipient.notifyOn().value(),
                        recipient.originalRecipient());
    }
}
