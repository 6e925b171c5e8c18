package org.posthouse.daemon.config;

import org.posthouse.Users;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.LiveFile;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ScramSecret;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The users' file of now: one that has changed is read again at the next question. What can't be
 * read, or is wrong, leaves the logins that were there, and is told once.
 */
final class LiveUsers implements Users {
    private static final Logger LOG = System.getLogger(LiveUsers.class.getName());

    private final LiveFile<UsersFile> users;

    LiveUsers(Path path, UsersFile users) {
        this.users = LiveFile.of(path, users, () -> read(path), trouble -> tell(path, trouble));
    }

    @Override
    public boolean check(String login, String password) {
        return users.now().check(login, password);
    }

    @Override
    public List<Mechanism> mechanisms() {
        return users.now().mechanisms();
    }

    @Override
    public Optional<ScramSecret> scramSecret(String login) {
        return users.now().scramSecret(login);
    }

    @Override
    public Optional<String> password(String login) {
        return users.now().password(login);
    }

    @Override
    public boolean mayExist(String login) {
        return users.now().mayExist(login);
    }

    @Override
    public boolean owns(String login, ReversePath path) {
        return users.last().owns(login, path);
    }

    private static UsersFile read(Path path) throws IOException {
        String text = Files.readString(path, StandardCharsets.UTF_8);
        var context = new Context(path, Map.of(), UsersFile.hidden(text));
        UsersFile fresh = UsersFile.parse(text, context);
        List<Problem> problems = context.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    new Report(path.toString(), context.source()).render(problems));
        }
        return fresh;
    }

    private static void tell(Path path, Exception trouble) {
        LOG.log(
                Level.WARNING,
                "{0} has changed and is of no use; the logins that were there stay: {1}",
                path,
                trouble.getMessage());
    }
}
