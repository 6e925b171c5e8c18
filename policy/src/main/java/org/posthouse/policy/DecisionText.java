package org.posthouse.policy;

import org.posthouse.core.Mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The steps of a decision in some dozens of characters, to keep with a message. What the recipient
 * itself tells is left out.
 *
 * <pre>
 *   text  = file *( TAB step )      file: where rules are written; may be empty
 *   step  = question held why name [ ":" line ]
 *   held  = "+" / "-"
 *   why   = of a relay rule that did not hold: what it lacked; else "."
 *   name  = of a rule or a route; empty for other questions
 * </pre>
 *
 * @since 0.1
 */
public final class DecisionText {
    /** Longer texts are cut: the last steps are lost. */
    public static final int LENGTH_MAX = 2048;

    private static final char SEPARATOR = '\t';
    private static final char NO_REASON = '.';

    private static final Map<String, Character> QUESTIONS =
            Map.of(
                    "from?", 'f',
                    "local?", 'l',
                    "relayed?", 'd',
                    "recipient?", 'r',
                    "local part?", 'p',
                    "alias?", 'a',
                    "relay?", 'R',
                    "route?", 'o');

    private DecisionText() {}

    /** The steps of a decision. */
    public static String write(Decision decision) {
        var text = new StringBuilder(96);
        String file = "";
        for (Decision.Step step : decision.steps()) {
            int colon = step.place().lastIndexOf(':');
            if (file.isEmpty() && colon > 0) {
                file = clean(step.place().substring(0, colon));
            }
            text.append(SEPARATOR).append(QUESTIONS.getOrDefault(step.question(), '?'));
            text.append(step.held() ? '+' : '-').append(reason(step));
            text.append(isNamed(step.question()) ? clean(step.subject()) : "");
            text.append(colon > 0 ? step.place().substring(colon) : "");
        }
        String whole = text.insert(0, file).toString();
        int cut = whole.lastIndexOf(SEPARATOR, LENGTH_MAX);
        return whole.length() <= LENGTH_MAX ? whole : whole.substring(0, Math.max(0, cut));
    }

    private static boolean isNamed(String question) {
        return question.equals("relay?") || question.equals("route?");
    }

    private static String clean(String name) {
        return name.replace(SEPARATOR, ' ').replace('\n', ' ');
    }

    private static char reason(Decision.Step step) {
        boolean isNamed = isNamed(step.question());
        if (!isNamed || step.held()) {
            return NO_REASON;
        }
        String answer = step.answer();
        if (answer.startsWith("client")) {
            return 'c';
        }
        if (answer.startsWith("login")) {
            return 'l';
        }
        if (answer.startsWith("certificate")) {
            return 'x';
        }
        if (answer.equals(Decider.NOT_OWN)) {
            return 'o';
        }
        return answer.startsWith("reverse-path") ? 's' : NO_REASON;
    }

    /** The steps that were written, in words of the past; what makes no sense is left out. */
    public static List<Decision.Step> read(String text, Mailbox recipient) {
        String[] parts = text.split(String.valueOf(SEPARATOR), -1);
        var steps = new ArrayList<Decision.Step>();
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].length() > 2) {
                steps.add(step(parts[i], parts[0], recipient));
            }
        }
        return List.copyOf(steps);
    }

    private static Decision.Step step(String part, String file, Mailbox recipient) {
        boolean held = part.charAt(1) == '+';
        int colon = part.lastIndexOf(':');
        boolean isPlaced = colon > 2 && part.substring(colon + 1).matches("[0-9]{1,9}");
        String name = part.substring(3, isPlaced ? colon : part.length());
        String place = isPlaced ? file + part.substring(colon) : "";
        String localPart = recipient.localPart();
        String domain = recipient.domain();
        return switch (part.charAt(0)) {
            case 'l' ->
                    new Decision.Step(
                            "local?",
                            domain,
                            held ? "was a local domain" : "was not local",
                            held,
                            place);
            case 'd' ->
                    new Decision.Step(
                            "relayed?",
                            domain,
                            held ? "was a relayed domain" : "was not relayed",
                            held,
                            place);
            case 'r' ->
                    new Decision.Step(
                            "recipient?",
                            localPart,
                            held ? "existed" : "did not exist",
                            held,
                            place);
            case 'p' ->
                    new Decision.Step(
                            "local part?", localPart, "might be routed further", held, place);
            case 'a' ->
                    new Decision.Step(
                            "alias?",
                            localPart,
                            held ? "was an alias" : "led nowhere",
                            held,
                            place);
            case 'R' -> new Decision.Step("relay?", name, past(part.charAt(2), held), held, place);
            case 'o' ->
                    new Decision.Step(
                            "route?",
                            name,
                            held ? "was for this recipient" : passed(part.charAt(2)),
                            held,
                            place);
            default -> new Decision.Step("?", name, "", held, place);
        };
    }

    private static String passed(char reason) {
        return switch (reason) {
            case 'l' -> "was for other logins";
            case 's' -> "was for other reverse-paths";
            default -> "refused";
        };
    }

    private static String past(char reason, boolean held) {
        if (held) {
            return "all conditions held";
        }
        return switch (reason) {
            case 'c' -> "client was in none of its networks";
            case 'l' -> "there was no login";
            case 'x' -> "certificate was none of its own";
            case 's' -> "reverse-path was none of its senders";
            case 'o' -> "reverse-path was not the login's own";
            default -> "did not hold";
        };
    }
}
