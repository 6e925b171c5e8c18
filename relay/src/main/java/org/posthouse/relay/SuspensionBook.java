package org.posthouse.relay;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.TimeSource;
import org.posthouse.relay.Suspension.Scope;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The suspensions that are in force: durable first, then obeyed, then told. One change at a time,
 * whoever makes it; that lock is held while the file is written, and guards nothing else.
 */
final class SuspensionBook {
    /** So many at the same time. */
    static final int MAX = 1000;

    private final Optional<SuspensionFile> file;
    private final TimeSource time;
    private final MailEvents events;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile SuspensionSet kept = SuspensionSet.NONE;

    /** Without a file they last as long as the process. */
    SuspensionBook(Optional<SuspensionFile> file, TimeSource time, MailEvents events) {
        this.file = file;
        this.time = time;
        this.events = events;
    }

    /** Reads what is in force; at the start. */
    SuspensionSet load() {
        kept = new SuspensionSet(file.map(SuspensionFile::read).orElse(List.of()));
        return kept;
    }

    /** Those in force, and perhaps some that are over. */
    SuspensionSet current() {
        return kept;
    }

    /** Those not over, the oldest first. */
    List<Suspension> list() {
        return left(time.now());
    }

    private List<Suspension> left(Instant now) {
        return kept.all().stream().filter(each -> !each.isOver(now)).toList();
    }

    /** Adds one, or puts it in the place of the same. */
    void add(Suspension wanted, BiConsumer<SuspensionSet, List<Suspension>> obey) {
        changing.lock();
        try {
            List<Suspension> next = new ArrayList<>(left(time.now()));
            List<Suspension> before =
                    next.stream().filter(is(wanted.scope(), wanted.pattern())).toList();
            next.removeAll(before);
            if (next.size() >= MAX) {
                throw new RelayException(
                        "PH-S060", MAX + " suspensions are in force; resume some first");
            }
            next.add(wanted);
            change(next);
            obey.accept(kept, before);
        } finally {
            changing.unlock();
        }
        tell("suspended", wanted);
    }

    /** Ends one; false when there is none. */
    boolean remove(Scope scope, String pattern, BiConsumer<SuspensionSet, List<Suspension>> obey) {
        Suspension ended;
        changing.lock();
        try {
            List<Suspension> next = new ArrayList<>(left(time.now()));
            Optional<Suspension> found = next.stream().filter(is(scope, pattern)).findFirst();
            if (found.isEmpty()) {
                return false;
            }
            ended = found.get();
            next.remove(ended);
            change(next);
            obey.accept(kept, List.of(ended));
        } finally {
            changing.unlock();
        }
        tell("resumed", ended);
        return true;
    }

    private static Predicate<Suspension> is(Scope scope, String pattern) {
        return each -> each.isSameAs(scope, pattern);
    }

    private void change(List<Suspension> next) {
        if (file.isPresent()) {
            try {
                file.get().write(next);
            } catch (IOException e) {
                throw new RelayException(
                        "PH-S059", "the suspension could not be stored: " + e.getMessage());
            }
        }
        kept = new SuspensionSet(next);
    }

    private void tell(String change, Suspension about) {
        String until = about.until().equals(Instant.MAX) ? "" : "until " + about.until() + " ";
        String detail = change.equals("resumed") ? "" : (until + about.reason()).strip();
        events.emit(new MailEvent.QueueChanged(time.now(), change, about.what(), detail));
    }
}
