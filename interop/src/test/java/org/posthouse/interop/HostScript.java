package org.posthouse.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a {@link ScriptedHost} says: a polite server of RFC 5321, but for its rules. A rule is a
 * moment and the replies to it, one after the other over all connections, of which the last
 * repeats. A moment is the beginning of a command line ({@code "RCPT TO:<eve@"}), or {@code
 * CONNECT}, or {@code END}, the end of the content. The first rule that fits counts.
 *
 * <p>A reply is text, of which each part gets its CRLF unless it ends with {@code +}, and actions
 * in braces: see {@link ScriptedHost#act}. A polite reply is {@link #OK}.
 */
final class HostScript {
    /** What a polite server would say. */
    static final String OK = "{ok}";

    /** Keywords of a host that can do everything but STARTTLS and AUTH. */
    private static final String[] EVERYTHING = {
        "PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 20000000", "DSN", "CHUNKING", "BINARYMIME"
    };

    private final List<Rule> rules;
    private final List<AtomicInteger> turns = new ArrayList<>();

    HostScript(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.rules.forEach(each -> turns.add(new AtomicInteger()));
    }

    /** At some moment, these replies one after the other. */
    record Rule(String moment, List<String> replies) {
        boolean fits(String at) {
            return at.regionMatches(true, 0, moment, 0, moment.length());
        }
    }

    /** A rule. */
    static Rule on(String moment, String... replies) {
        return new Rule(moment, List.of(replies));
    }

    /** The host offers just these extensions. */
    static Rule offers(String... keywords) {
        var reply = new StringBuilder();
        String last = "mx.test";
        for (String keyword : keywords) {
            reply.append("250-").append(last).append("\r\n");
            last = keyword;
        }
        return on("EHLO", reply + "250 " + last);
    }

    /** The reply at a moment. */
    String replyAt(String moment) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.fits(moment)) {
                int turn = turns.get(i).getAndIncrement();
                return rule.replies().get(Math.min(turn, rule.replies().size() - 1));
            }
        }
        return OK;
    }

    /** What a polite server says there. */
    static String polite(String moment) {
        String verb = moment.substring(0, Math.min(4, moment.length())).toUpperCase(Locale.ROOT);
        return switch (verb) {
            case "CONN" -> "220 mx.test ESMTP";
            case "EHLO" -> offers(EVERYTHING).replies().getFirst();
            case "HELO" -> "250 mx.test";
            case "MAIL" -> "250 2.1.0 ok";
            case "RCPT" -> "250 2.1.5 ok";
            case "DATA" -> "354 go on";
            case "END" -> "250 2.0.0 taken";
            case "RSET", "NOOP" -> "250 2.0.0 ok";
            case "QUIT" -> "221 2.0.0 bye{close}";
            default -> "500 5.5.1 unknown";
        };
    }
}
