package org.posthouse.daemon;

import org.posthouse.core.Reply;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an address asks of a sandbox by its local part, up to a `+`: {@code 550@x}, {@code
 * 550+ada@shop.example}.
 */
sealed interface MagicAddress {
    /** It is an address like any other. */
    record Plain() implements MagicAddress {}

    /** RCPT gets this reply. */
    record Says(Reply reply) implements MagicAddress {}

    /** RCPT gets this reply, and the connection ends. */
    record Closes(Reply reply) implements MagicAddress {}

    /** Refused by this the first time, then taken. */
    record Greylists(Reply reply) implements MagicAddress {}

    /** RCPT gets no reply, and nothing does after it. */
    record Mutes() implements MagicAddress {}

    /** The connection ends without a word. */
    record Drops() implements MagicAddress {}

    /** Taken, but late. */
    record Delays() implements MagicAddress {}

    /** A kind of address, for people. */
    record Line(String address, String effect) {}

    /** All kinds. */
    List<Line> ALL =
            List.of(
                    new Line(
                            "NNN@x",
                            "any code from 400 to 559: RCPT is refused by it (550@x, 451@x,"
                                    + " 452@x)"),
                    new Line("421@x", "refused by it, and the connection is closed"),
                    new Line(
                            "greylist@x",
                            "451 the first time, taken from the second on (by sender and"
                                    + " recipient)"),
                    new Line("timeout@x", "no reply any more, the connection stays open"),
                    new Line("drop@x", "the connection is closed without a reply"),
                    new Line("slow@x", "taken, after ten seconds"));

    /** Enhanced statuses (RFC 3463) of codes that have a usual meaning. */
    Map<Integer, String> STATUS =
            Map.of(
                    450, "4.2.1", 451, "4.3.0", 452, "4.2.2", 454, "4.7.0", 550, "5.1.1", 551,
                    "5.1.6", 552, "5.2.2", 553, "5.1.3", 554, "5.7.1");

    /** The text of every reply. */
    String TEXT = "as the address asks for (posthouse help faults)";

    private static Reply reply(int code) {
        String status = STATUS.getOrDefault(code, code / 100 + ".0.0");
        return Reply.of(code, status, TEXT);
    }

    /** What a local part asks for. */
    static MagicAddress of(String localPart) {
        int plus = localPart.indexOf('+');
        String word = (plus < 0 ? localPart : localPart.substring(0, plus));
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "421" -> new Closes(Reply.of(421, "4.3.2", TEXT));
            case "greylist" -> new Greylists(Reply.of(451, "4.7.1", "greylisted, try again"));
            case "timeout" -> new Mutes();
            case "drop" -> new Drops();
            case "slow" -> new Delays();
            default ->
                    word.matches("[45][0-5][0-9]")
                            ? new Says(reply(Integer.parseInt(word)))
                            : new Plain();
        };
    }

    /** The page of {@code posthouse help faults}. */
    static String page() {
        var page =
                new StringBuilder(
                        "Magic addresses of `posthouse dev`: mail to them fails as their name says,"
                                + " at any domain.\nWhat follows a + is free: 550+ada@shop.example."
                                + "\n\n");
        for (Line each : ALL) {
            page.append("    %-12s %s%n".formatted(each.address(), each.effect()));
        }
        return page.toString();
    }
}
