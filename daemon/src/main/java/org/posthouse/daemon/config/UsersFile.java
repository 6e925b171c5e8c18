package org.posthouse.daemon.config;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Logins in the lines of Dovecot's passwd-file: {@code login:{SCHEME}secret}; {@code #} begins a
 * comment line.
 */
final class UsersFile {
    /** Checks are expensive on purpose: more at the same time would only wait for each other. */
    private static final int CHECKS_MAX = 4;

    private static final int SEND_AS_FIELD = 7;
    private final Map<String, PasswordHash> hashes = new LinkedHashMap<>();
    private final Semaphore checks = new Semaphore(CHECKS_MAX, true);

    private UsersFile() {}

    static UsersFile parse(String text, Context context) {
        var file = new UsersFile();
        int number = 0;
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next();
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                file.add(line, number, context);
            }
        }
        return file;
    }

    /** The text with every secret hidden, to show beside a problem. */
    static SourceText hidden(String text) {
        var hidden = new StringBuilder();
        text.lines()
                .forEach(
                        line -> {
                            int colon = line.indexOf(':');
                            int brace = line.indexOf('}');
                            boolean scheme =
                                    colon >= 0 && line.startsWith("{", colon + 1) && brace > 0;
                            int end =
                                    line.startsWith("#") || colon < 0
                                            ? 0
                                            : scheme ? brace + 1 : colon + 1;
                            hidden.append(line, 0, end).append("***\n");
                        });
        return new SourceText(hidden.toString());
    }

    /** True when the password is that of the login. Blocks while too many are checked. */
    boolean check(String login, String password) {
        PasswordHash hash = hashes.get(login);
        if (hash == null && hashes.isEmpty()) {
            return false;
        }
        checks.acquireUninterruptibly();
        try {
            // An unknown login takes as long as a known one.
            PasswordHash checked = hash == null ? hashes.values().iterator().next() : hash;
            return checked.matches(password) && hash != null;
        } finally {
            checks.release();
        }
    }

    private void add(String line, int number, Context context) {
        String[] fields = line.split(":", -1);
        var span = new Span(number, 1, Math.max(1, fields[0].length()));
        String trouble = "";
        if (fields.length < 2 || fields[0].isEmpty()) {
            trouble = "a line is login:{SCHEME}secret";
        } else if (hashes.containsKey(fields[0])) {
            trouble = "this login stands in the file twice";
        } else if (fields.length > SEND_AS_FIELD && fields[SEND_AS_FIELD].contains("send_as=")) {
            context.add(span, Codes.NOT_BUILT, "`send_as` of a login is not built yet", "");
            return;
        }
        Optional<PasswordHash> hash =
                trouble.isEmpty() ? PasswordHash.parse(fields[1]) : Optional.empty();
        if (hash.isPresent()) {
            hashes.put(fields[0], hash.get());
        } else {
            context.add(
                    span,
                    Codes.USERS,
                    "this is not a login with its secret",
                    trouble.isEmpty() ? "after its colon goes " + PasswordHash.FORMS : trouble);
        }
    }
}
