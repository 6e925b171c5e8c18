package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.platform.TlsFacts;
import org.posthouse.server.SaslExchange.Step;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Fuzz targets for whole sessions and for logins. Each throws when something is wrong. */
final class SessionFuzz {
    private SessionFuzz() {}

    /** A client that sends these octets: no defect, whole reply lines, no content left open. */
    static final class Sessions {
        private static final Map<String, String> SETTINGS =
                Map.of("early", "accept", "size", "2000", "header", "500", "binary", "on");

        private Sessions() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            run(SETTINGS, octets);
        }

        static void run(Map<String, String> settings, byte[] octets) {
            var stage = new Stage(settings);
            int split = octets.length == 0 ? 0 : (octets[0] & 0xFF) % octets.length;
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            var connection = new FakeConnection(text.substring(0, split), text.substring(split));
            if (!settings.getOrDefault("auth", "off").equals("off")) {
                connection.facts =
                        Optional.of(new TlsFacts("TLSv1.3", "X", List.of(), Optional.empty()));
            }
            var reception =
                    new Reception(
                            stage.sim,
                            stage.settings,
                            new TestPolicy(),
                            stage.intake,
                            stage.events::add,
                            Reception.ClientMemory.of(stage.sim));
            var live = new LiveSession(1, stage.settings, connection, stage.sim.time());
            new Session(reception, live, connection).run();
            for (MailEvent.Trouble trouble : stage.events(MailEvent.Trouble.class)) {
                SyntaxFuzz.require(!trouble.code().equals(Codes.DEFECT), trouble.toString());
            }
            SyntaxFuzz.require(stage.intake.openSinks() == 0, "a content is left open");
            SyntaxFuzz.require(connection.closed, "the connection is left open");
            boolean isSmtp = settings.getOrDefault("protocol", "smtp").equals("smtp");
            if (isSmtp && !text.toUpperCase(Locale.ROOT).contains("XPING")) { // echoes the client
                requireReplies(String.join("", connection.writes), stage.intake.arrivals.size());
            }
        }

        private static void requireReplies(String said, int arrivals) {
            int queued = 0;
            for (String line : said.split("\r\n", -1)) {
                SyntaxFuzz.require(
                        line.isEmpty() || line.matches("(?s)[2345][0-9]{2}[ -].*"), line);
                queued += line.startsWith("250 2.0.0 queued as ") ? 1 : 0;
            }
            SyntaxFuzz.require(queued == arrivals, "one 250 for each message that was taken");
        }
    }

    /** The same for a client of ours: on TLS, with AUTH and XCLIENT, in SMTP or in LMTP. */
    static final class Trusted {
        private static final Map<String, String> SETTINGS =
                Map.of("auth", "optional", "xclient", "0.0.0.0/0", "exempt", "0.0.0.0/0");

        private Trusted() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            for (String protocol : new String[] {"smtp", "lmtp"}) {
                var settings = new HashMap<>(SETTINGS);
                settings.put("protocol", protocol);
                Sessions.run(settings, octets);
            }
        }
    }

    /** Answers of SASL exchanges, with 255 between: nobody gets in without a proof. */
    static final class Logins {
        private Logins() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            ScramSecret secret = ScramSecret.ofNobody(new byte[] {1});
            for (SaslExchange exchange :
                    List.of(
                            new PlainExchange(),
                            new LoginExchange(),
                            new TokenExchange(true),
                            new TokenExchange(false),
                            new CramMd5Exchange("<1@mx.example>", login -> Optional.of("x")),
                            new ScramExchange(false, true, new byte[0], "s", login -> secret),
                            new ScramExchange(true, true, new byte[] {1}, "s", login -> secret))) {
                play(exchange, octets);
            }
        }

        private static void play(SaslExchange exchange, byte[] octets) {
            Step step = exchange.begin();
            int from = 0;
            for (int i = 0; i <= octets.length && step instanceof Step.Challenge; i++) {
                if (i == octets.length || octets[i] == -1) {
                    step = exchange.answer(Arrays.copyOfRange(octets, from, i));
                    from = i + 1;
                }
            }
            SyntaxFuzz.require(!(step instanceof Step.Proved), "got in");
        }
    }
}
