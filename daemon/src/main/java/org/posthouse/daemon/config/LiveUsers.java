package org.posthouse.daemon.config;

import org.posthouse.Users;
import org.posthouse.core.ReversePath;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ScramSecret;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The users' file of now: one that has changed is read again at the next question. What can't be
 * read, or is wrong, leaves the logins that were there, and is told once.
 */
final class LiveUsers implements Users {
    private static final Logger LOG = System.getLogger(LiveUsers.class.getName());

    private final Path path;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile UsersFile users;
    private volatile String stamp;

    LiveUsers(Path path, UsersFile users) {
        this.path = path;
        this.users = users;
        this.stamp = stampOf(path);
    }

    @Override
    public boolean check(String login, String password) {
        return now().check(login, password);
    }

    @Override
    public List<Mechanism> mechanisms() {
        return now().mechanisms();
    }

    @Override
    public Optional<ScramSecret> scramSecret(String login) {
        return now().scramSecret(login);
    }

    @Override
    public Optional<String> password(String login) {
        return now().password(login);
    }

    @Override
    public boolean owns(String login, ReversePath path) {
        return users.owns(login, path);
    }

    private UsersFile now() {
        String seen = stampOf(path);
        if (!seen.equals(stamp)) {
            lock.lock();
            try {
                if (!seen.equals(stamp)) {
                    read();
                    stamp = seen;
                }
            } finally {
                lock.unlock();
            }
        }
        return users;
    }

    private void read() {
        try {
            String text = Files.readString(path, StandardCharsets.UTF_8);
            var context = new Context(path, Map.of(), UsersFile.hidden(text));
            UsersFile fresh = UsersFile.parse(text, context);
            if (context.problems().isEmpty()) {
                users = fresh;
            } else {
                LOG.log(
                        Level.WARNING,
                        "{0} has changed and is wrong; the logins that were there stay: {1}",
                        path,
                        new Report(path.toString(), context.source()).render(context.problems()));
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " can't be read; the logins that were there stay", e);
        }
    }

    /** What changes with the file. */
    private static String stampOf(Path path) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.lastModifiedTime()
                    + " "
                    + attributes.size()
                    + " "
                    + attributes.fileKey();
        } catch (IOException e) {
            return "gone";
        }
    }
}
