package org.posthouse.daemon.config;

import org.posthouse.server.ScramSecret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The users' file as lines that can be changed: comments, order and what other programs wrote stay
 * as they are. It is replaced as a whole; a new one can be read by its owner only, another one
 * keeps its owner, group and mode.
 */
public final class UserLines {
    private static final int SCHEME_FIELD = 1;

    private final Path path;
    private final List<String> lines;

    private UserLines(Path path, List<String> lines) {
        this.path = path;
        this.lines = lines;
    }

    /**
     * A login, without its secret.
     *
     * @param scheme of its secret
     * @param sendAs addresses of its own besides itself
     */
    public record Shown(String login, String scheme, List<String> sendAs) {
        /** Copies the list. */
        public Shown {
            sendAs = List.copyOf(sendAs);
        }
    }

    /** Reads a file; one that is not there has no lines. */
    public static UserLines read(Path path) throws IOException {
        return new UserLines(
                path,
                Files.exists(path)
                        ? new ArrayList<>(Files.readAllLines(path, StandardCharsets.UTF_8))
                        : new ArrayList<>());
    }

    /** The line of a new secret for SCRAM-SHA-256, the scheme to have. */
    public static String scram(String password, byte[] salt) {
        return "{SCRAM-SHA-256}" + ScramSecret.of(password, salt, ScramSecret.ROUNDS).text();
    }

    /** What is wrong with a login; empty when nothing is. */
    public static String flaw(String login) {
        if (login.isEmpty() || login.startsWith("#")) {
            return "a login is not empty and does not begin with #";
        }
        boolean fits = login.chars().allMatch(c -> c > ' ' && c != ':' && c != 127);
        return fits ? "" : "a login has no spaces, no colons and no control characters";
    }

    /** All that is wrong with the file, as people read it; empty when nothing is. */
    public String report() {
        String text = String.join("\n", lines);
        var context = new Context(path, Map.of(), UsersFile.hidden(text));
        UsersFile unused = UsersFile.parse(text, context);
        List<Problem> problems = context.problems();
        return problems.isEmpty()
                ? ""
                : new Report(path.toString(), context.source()).render(problems);
    }

    /** All logins in their order. */
    public List<Shown> logins() {
        return lines.stream().filter(UserLines::isUser).map(UserLines::shown).toList();
    }

    /** True when there is such a login. */
    public boolean has(String login) {
        return at(login) >= 0;
    }

    /** Adds a login at the end. */
    public void add(String login, String secret, List<String> sendAs) {
        lines.add(login + ":" + secret + extra(sendAs));
    }

    /** Gives a login that is there another secret. */
    public void secret(String login, String secret) {
        int at = at(login);
        String[] fields = lines.get(at).split(":", -1);
        fields[SCHEME_FIELD] = secret;
        lines.set(at, String.join(":", fields));
    }

    /** Removes a login that is there. */
    public void remove(String login) {
        lines.remove(at(login));
    }

    /** Writes the file: another one beside it is made durable and takes its name. */
    public void write() throws IOException {
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        Path folder = target.getParent();
        Path fresh = Files.createTempFile(folder, ".users", ".new", ownersOnly());
        try {
            byte[] text =
                    (String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"))
                            .getBytes(StandardCharsets.UTF_8);
            try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer octets = ByteBuffer.wrap(text);
                while (octets.hasRemaining()) {
                    file.write(octets);
                }
                file.force(true);
            }
            keepOwner(target, fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** The daemon that reads it may run as another user than who changes it. */
    private static void keepOwner(Path target, Path fresh) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        var old = Files.readAttributes(target, PosixFileAttributes.class);
        var view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        PosixFileAttributes made = view.readAttributes();
        if (!old.group().equals(made.group())) {
            view.setGroup(old.group());
        }
        if (!old.owner().equals(made.owner())) {
            view.setOwner(old.owner());
        }
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        mode.addAll(old.permissions());
        mode.removeAll(PosixFilePermissions.fromString("------rwx"));
        view.setPermissions(mode);
    }

    private static FileAttribute<Set<PosixFilePermission>> ownersOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }

    private static String extra(List<String> sendAs) {
        return sendAs.isEmpty() ? "" : "::::::" + UsersFile.SEND_AS + String.join(",", sendAs);
    }

    private static boolean isUser(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    private static Shown shown(String line) {
        String[] fields = line.split(":", UsersFile.EXTRA_FIELD + 1);
        String secret = fields.length > SCHEME_FIELD ? fields[SCHEME_FIELD] : "";
        int end = secret.indexOf('}');
        String scheme = secret.startsWith("{") && end > 0 ? secret.substring(1, end) : "?";
        List<String> sendAs = new ArrayList<>();
        if (fields.length > UsersFile.EXTRA_FIELD) {
            for (String extra : fields[UsersFile.EXTRA_FIELD].split(" ", -1)) {
                if (extra.startsWith(UsersFile.SEND_AS)) {
                    String list = extra.substring(UsersFile.SEND_AS.length());
                    sendAs.addAll(List.of(list.split(",", -1)));
                }
            }
        }
        return new Shown(fields[0], scheme, sendAs);
    }

    private int at(String login) {
        for (int i = 0; i < lines.size(); i++) {
            if (isUser(lines.get(i)) && lines.get(i).startsWith(login + ":")) {
                return i;
            }
        }
        return -1;
    }
}
