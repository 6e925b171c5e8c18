package org.posthouse.daemon.sendmail;

import java.util.ArrayList;
import java.util.List;

/**
 * The command line of sendmail, as far as it means something here; harmless options are ignored.
 */
final class Options {
    /** Options with a value that mean nothing here: {@code -B 8BITMIME}, {@code -N never}. */
    private static final String IGNORED_WITH_VALUE = "ABDhLNORVXdp";

    /** What is to be done. */
    enum Mode {
        SUBMIT,
        SMTP,
        LIST,
        FLUSH,
        ALIASES
    }

    private final List<String> recipients = new ArrayList<>();
    private Mode mode = Mode.SUBMIT;
    private String from = "";
    private String fullName = "";
    private String config = "";
    private String data = "";
    private String wrong = "";
    private boolean fromHeader;
    private boolean dotIsText;

    private Options() {}

    /** Reads them; never fails: see {@link #wrong}. */
    static Options parse(String[] arguments) {
        var options = new Options();
        int i = 0;
        while (i < arguments.length) {
            String word = arguments[i];
            i++;
            if (word.equals("--")) {
                while (i < arguments.length) {
                    options.recipients.add(arguments[i++]);
                }
            } else if (word.equals("--data") && i < arguments.length) {
                options.data = arguments[i++];
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                i = options.option(word, arguments, i);
            } else {
                options.recipients.add(word);
            }
        }
        return options;
    }

    /** Returns where the next word is. */
    private int option(String word, String[] arguments, int next) {
        char letter = word.charAt(1);
        String rest = word.substring(2);
        switch (letter) {
            case 't' -> fromHeader = true;
            case 'i' -> dotIsText = true;
            case 'o' -> {
                if (rest.isEmpty()) {
                    return Math.min(next + 1, arguments.length);
                }
                dotIsText |= rest.equals("i");
            }
            case 'b' -> mode(rest);
            case 'q' -> mode = Mode.FLUSH;
            case 'f', 'r', 'F', 'C' -> {
                boolean isApart = rest.isEmpty();
                if (isApart && next >= arguments.length) {
                    wrong = word + " needs a value";
                    return next;
                }
                value(letter, isApart ? arguments[next] : rest);
                return isApart ? next + 1 : next;
            }
            case 'n', 'm', 'v', 'U', 'G', 'e', 'x', 'E' -> {
                // nothing of it means anything here
            }
            default -> {
                if (IGNORED_WITH_VALUE.indexOf(letter) < 0) {
                    wrong = "there is no option " + word;
                } else if (rest.isEmpty()) {
                    return Math.min(next + 1, arguments.length);
                }
            }
        }
        return next;
    }

    private void value(char letter, String value) {
        switch (letter) {
            case 'F' -> fullName = value;
            case 'C' -> config = value;
            default -> from = value.isEmpty() ? "<>" : value;
        }
    }

    private void mode(String letter) {
        switch (letter) {
            case "m", "" -> mode = Mode.SUBMIT;
            case "s" -> mode = Mode.SMTP;
            case "p" -> mode = Mode.LIST;
            case "i" -> mode = Mode.ALIASES;
            case "d", "D" -> wrong = "-b" + letter + ": the daemon is started by: posthouse run";
            default -> wrong = "-b" + letter + " is not known here";
        }
    }

    Mode mode() {
        return mode;
    }

    /** What is wrong; empty when nothing is. */
    String wrong() {
        return wrong;
    }

    /** The reverse-path; {@code <>} for the null one; empty when it was not said. */
    String from() {
        return from;
    }

    String fullName() {
        return fullName;
    }

    String config() {
        return config;
    }

    String data() {
        return data;
    }

    List<String> recipients() {
        return recipients;
    }

    /** Recipients are in the header section. */
    boolean fromHeader() {
        return fromHeader;
    }

    /** A line with a dot alone does not end the message. */
    boolean dotIsText() {
        return dotIsText;
    }
}
