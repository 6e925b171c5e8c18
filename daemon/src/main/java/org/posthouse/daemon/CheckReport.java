package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.RelayProof;

import java.util.LinkedHashSet;
import java.util.List;

/** What {@code check} says of a configuration that is right. */
final class CheckReport {
    private static final int LABEL = 12;
    private static final int MARK = 6;

    /** Wider than the widest networks that one owner has. */
    private static final int V4_BITS_MIN = 8;

    private static final int V6_BITS_MIN = 19;

    private final Terminal terminal;
    private final StringBuilder text = new StringBuilder();
    private int warnings;

    CheckReport(Terminal terminal) {
        this.terminal = terminal;
    }

    String write(
            String file,
            Configuration.Good good,
            RelayProof proof,
            List<MachineCheck.Finding> machine) {
        line("config", "ok", file + ": " + good.summary().counts());
        int tests = good.tests();
        if (tests > 0) {
            line("tests", "ok", tests + (tests == 1 ? " test holds" : " tests hold"));
        } else {
            line("tests", "-", "none; [[expect]] would hold the file to what you mean");
        }
        line("relay proof", "ok", "may relay to the outside: " + proof.sentence());
        wide(proof);
        for (String rule : proof.unused()) {
            line("", "warn", "rule \"" + rule + "\" can hold for nobody on any listener");
            warnings++;
        }
        for (MachineCheck.Finding finding : machine) {
            String code = finding.isFine() ? "" : " (" + finding.code() + ")";
            String mark = finding.isFatal() ? "fail" : "warn";
            line(finding.label(), finding.isFine() ? "ok" : mark, finding.text() + code);
            warnings += finding.isFine() || finding.isFatal() ? 0 : 1;
        }
        if (machine.stream().anyMatch(MachineCheck.Finding::isFatal)) {
            return text.append("Not ready to run.\n").toString();
        }
        text.append(
                switch (warnings) {
                    case 0 -> "Ready to run.\n";
                    case 1 -> "1 warning. Ready to run.\n";
                    default -> warnings + " warnings. Ready to run.\n";
                });
        return text.toString();
    }

    /** More than one owner has ever been given: it could well be the internet that is meant. */
    private void wide(RelayProof proof) {
        var told = new LinkedHashSet<String>();
        for (RelayProof.Grant grant : proof.grants()) {
            for (IpNetwork network : grant.clients()) {
                int bitsMin = network.base().isV4() ? V4_BITS_MIN : V6_BITS_MIN;
                boolean isWide =
                        grant.proof() == RelayProof.Proof.ADDRESS && network.bits() < bitsMin;
                if (isWide && told.add(grant.rule().name() + network)) {
                    String rule = "rule \"" + grant.rule().name() + "\"";
                    line("", "warn", rule + " trusts " + network + ", wider than any one owner's");
                    warnings++;
                }
            }
        }
    }

    private void line(String label, String mark, String said) {
        Mark colour =
                switch (mark) {
                    case "ok" -> Mark.OK;
                    case "warn" -> Mark.NO;
                    case "fail" -> Mark.REFUSE;
                    default -> Mark.NONE;
                };
        text.append(label).append(" ".repeat(LABEL - label.length()));
        text.append(terminal.paint().paint(colour, mark));
        text.append(" ".repeat(MARK - mark.length()));
        wrap(said);
    }

    private void wrap(String said) {
        int width = terminal.columns() - LABEL - MARK;
        String rest = said;
        while (rest.length() > width && rest.lastIndexOf(' ', width) > 0) {
            int space = rest.lastIndexOf(' ', width);
            text.append(rest, 0, space).append('\n').append(" ".repeat(LABEL + MARK));
            rest = rest.substring(space + 1);
        }
        text.append(rest).append('\n');
    }
}
