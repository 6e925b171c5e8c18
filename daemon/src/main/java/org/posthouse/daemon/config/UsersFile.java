package org.posthouse.daemon.config;

import org.posthouse.Users;
import org.posthouse.core.ReversePath;
import org.posthouse.policy.AddressPattern;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ScramSecret;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Logins in the lines of Dovecot's passwd-file: {@code login:{SCHEME}secret}, perhaps with {@code
 * ::::::send_as=a@b.example,*@c.example} behind it; {@code #} begins a comment line.
 */
final class UsersFile implements Users {
    /** Checks are expensive on purpose: more at the same time would only wait for each other. */
    private static final int CHECKS_MAX = 4;

    /** Where Dovecot has its extra fields. */
    static final int EXTRA_FIELD = 7;

    static final String SEND_AS = "send_as=";

    private final Map<String, User> users = new LinkedHashMap<>();
    private List<Mechanism> mechanisms = List.of();

    /** Of all files there are and were. */
    private static final Semaphore CHECKS = new Semaphore(CHECKS_MAX, true);

    /** A login: its secret, and the addresses that are its own besides itself. */
    private record User(PasswordHash hash, List<AddressPattern> sendAs) {}

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
        file.mechanisms = file.ofUse();
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
    @Override
    public boolean check(String login, String password) {
        User user = users.get(login);
        if (user == null && users.isEmpty()) {
            return false;
        }
        if (!isMyTurn()) {
            return false;
        }
        try {
            // An unknown login takes as long as a known one.
            User checked = user == null ? users.values().iterator().next() : user;
            return checked.hash().matches(password) && user != null;
        } finally {
            CHECKS.release();
        }
    }

    /** Waits for it; false when nobody waits for the answer any more. */
    private static boolean isMyTurn() {
        try {
            CHECKS.acquire();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<Mechanism> mechanisms() {
        return mechanisms;
    }

    /** A mechanism is of use when it works for every login: clients take the best they see. */
    private List<Mechanism> ofUse() {
        var mechanisms = new ArrayList<Mechanism>();
        if (users.values().stream().allMatch(user -> user.hash().isForScram())) {
            mechanisms.add(Mechanism.SCRAM_SHA_256_PLUS);
            mechanisms.add(Mechanism.SCRAM_SHA_256);
        }
        mechanisms.add(Mechanism.PLAIN);
        mechanisms.add(Mechanism.LOGIN);
        if (users.values().stream().allMatch(user -> user.hash().plain().isPresent())) {
            mechanisms.add(Mechanism.CRAM_MD5);
        }
        return List.copyOf(mechanisms);
    }

    @Override
    public Optional<ScramSecret> scramSecret(String login) {
        User user = users.get(login);
        if (user == null) {
            return Optional.empty();
        }
        if (!isMyTurn()) {
            return Optional.empty();
        }
        try {
            return user.hash().scram(login);
        } finally {
            CHECKS.release();
        }
    }

    @Override
    public Optional<String> password(String login) {
        return Optional.ofNullable(users.get(login)).flatMap(user -> user.hash().plain());
    }

    @Override
    public boolean mayExist(String login) {
        return users.containsKey(login);
    }

    @Override
    public boolean owns(String login, ReversePath path) {
        return Users.super.owns(login, path)
                || Optional.ofNullable(users.get(login)).stream()
                        .flatMap(user -> user.sendAs().stream())
                        .anyMatch(pattern -> pattern.matches(path));
    }

    private void add(String line, int number, Context context) {
        String[] fields = line.split(":", EXTRA_FIELD + 1);
        var span = new Span(number, 1, Math.max(1, fields[0].length()));
        String trouble = "";
        if (fields.length < 2 || fields[0].isEmpty()) {
            trouble = "a line is login:{SCHEME}secret";
        } else if (users.containsKey(fields[0])) {
            trouble = "this login stands in the file twice";
        }
        Optional<PasswordHash> hash =
                trouble.isEmpty() ? PasswordHash.parse(fields[1]) : Optional.empty();
        Optional<List<AddressPattern>> sendAs = sendAs(fields);
        if (hash.isPresent() && sendAs.isPresent()) {
            users.put(fields[0], new User(hash.get(), sendAs.get()));
        } else if (hash.isPresent()) {
            context.add(
                    span,
                    Codes.USERS,
                    "this login's `send_as` is no list of address patterns",
                    "such as  send_as=sales@shop.example,*@news.example");
        } else {
            context.add(
                    span,
                    Codes.USERS,
                    "this is not a login with its secret",
                    trouble.isEmpty() ? "after its colon goes " + PasswordHash.FORMS : trouble);
        }
    }

    /** The patterns of a line; none without the field, empty when one of them is none. */
    private static Optional<List<AddressPattern>> sendAs(String[] fields) {
        var patterns = new ArrayList<AddressPattern>();
        if (fields.length > EXTRA_FIELD) {
            for (String extra : fields[EXTRA_FIELD].split(" ", -1)) {
                if (!extra.startsWith(SEND_AS)) {
                    continue;
                }
                for (String pattern : extra.substring(SEND_AS.length()).split(",", -1)) {
                    try {
                        patterns.add(new AddressPattern(pattern));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.of(patterns);
    }
}
