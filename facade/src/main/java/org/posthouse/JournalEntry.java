package org.posthouse;

import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is kept of the decision about an accepted message. As text: lines of fields between tabs;
 * first the message, then where it came from, its reverse-path and its recipients, then an empty
 * line and the ways to the dispositions, each once.
 *
 * @param subject empty where subjects are not kept
 * @param recipientCount all of them; the first {@link #RECIPIENTS_MAX} are kept
 */
record JournalEntry(
        SpoolId id,
        Instant acceptedAt,
        Origin origin,
        ReversePath reversePath,
        long octets,
        int recipientCount,
        String subject,
        List<Kept> recipients) {
    static final int RECIPIENTS_MAX = 100;

    private static final String TAB = "\t";

    JournalEntry {
        recipients = List.copyOf(recipients);
    }

    /**
     * A recipient.
     *
     * @param why the way to the disposition, see {@link org.posthouse.policy.DecisionText}
     */
    record Kept(Mailbox mailbox, Disposition disposition, String why) {}

    String text() {
        var text = new StringBuilder(256);
        line(
                text,
                id.toString(),
                Long.toString(acceptedAt.toEpochMilli()),
                Long.toString(octets),
                Integer.toString(recipientCount),
                subject);
        line(
                text,
                origin.listener(),
                origin.clientAddress(),
                origin.heloName(),
                origin.login(),
                origin.protocol());
        switch (reversePath) {
            case Mailbox mailbox -> line(text, mailbox.localPart(), mailbox.domain());
            case ReversePath.Null none -> line(text, "");
        }
        Map<String, Integer> whys = new LinkedHashMap<>();
        for (Kept kept : recipients) {
            int why = whys.computeIfAbsent(kept.why(), w -> whys.size());
            recipient(text, kept, Integer.toString(why));
        }
        text.append('\n');
        whys.keySet().forEach(why -> text.append(why.replace('\n', ' ')).append('\n'));
        return text.toString();
    }

    private static void recipient(StringBuilder text, Kept kept, String why) {
        Mailbox mailbox = kept.mailbox();
        switch (kept.disposition()) {
            case Disposition.Local local ->
                    line(text, mailbox.localPart(), mailbox.domain(), why, "local");
            case Disposition.Relayed relayed ->
                    line(
                            text,
                            mailbox.localPart(),
                            mailbox.domain(),
                            why,
                            "relayed",
                            relayed.rule(),
                            relayed.via());
        }
    }

    private static void line(StringBuilder text, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : TAB);
            text.append(fields[i].replace('\t', ' ').replace('\n', ' '));
        }
        text.append('\n');
    }

    /**
     * Reads the text again.
     *
     * @throws IllegalArgumentException when it is none
     */
    static JournalEntry parse(String text) {
        try {
            return parse(List.of(text.split("\n", -1)));
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not an entry of the journal", e);
        }
    }

    private static JournalEntry parse(List<String> lines) {
        String[] message = lines.get(0).split(TAB, -1);
        String[] from = lines.get(1).split(TAB, -1);
        String[] path = lines.get(2).split(TAB, -1);
        List<String[]> recipients = new ArrayList<>();
        int at = 3;
        for (; !lines.get(at).isEmpty(); at++) {
            recipients.add(lines.get(at).split(TAB, -1));
        }
        List<String> whys = lines.subList(at + 1, lines.size());
        return new JournalEntry(
                SpoolId.parse(message[0]),
                Instant.ofEpochMilli(Long.parseLong(message[1])),
                new Origin(from[0], from[1], from[2], from[3], from[4]),
                path.length < 2 ? ReversePath.NULL : new Mailbox(path[0], path[1]),
                Long.parseLong(message[2]),
                Integer.parseInt(message[3]),
                message[4],
                recipients.stream().map(fields -> kept(fields, whys)).toList());
    }

    private static Kept kept(String[] fields, List<String> whys) {
        Disposition disposition =
                fields[3].equals("local")
                        ? Disposition.LOCAL
                        : new Disposition.Relayed(fields[4], fields[5]);
        String why = whys.get(Integer.parseInt(fields[2]));
        return new Kept(new Mailbox(fields[0], fields[1]), disposition, why);
    }
}
