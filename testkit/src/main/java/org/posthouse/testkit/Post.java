package org.posthouse.testkit;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** All mail and attempts of a server; each handle sees a part of it. */
final class Post {
    /** The oldest go where more is kept. */
    static final int KEPT_MAX = 10_000;

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Attempt> attempts = new ArrayList<>(); // guarded by lock
    private final List<Mail> mails = new ArrayList<>(); // guarded by lock
    private long begun; // guarded by lock
    private final Set<Signal> waiters = ConcurrentHashMap.newKeySet();

    private record Mail(long number, Attempt attempt, ReceivedMail mail) {}

    private final List<Long> numbers = new ArrayList<>(); // of attempts; guarded by lock

    Post(TimeSource time) {
        this.time = time;
    }

    /** The number of the next attempt: what a handle that begins now does not see is below. */
    long next() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    long begin(Attempt attempt) {
        lock.lock();
        try {
            attempts.add(attempt);
            numbers.add(begun);
            if (attempts.size() > KEPT_MAX) {
                attempts.removeFirst();
                numbers.removeFirst();
            }
            return begun++;
        } finally {
            lock.unlock();
        }
    }

    void receive(long number, Attempt attempt, ReceivedMail mail) {
        attempt.became(mail);
        lock.lock();
        try {
            mails.add(new Mail(number, attempt, mail));
            if (mails.size() > KEPT_MAX) {
                mails.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        waiters.forEach(Signal::raise);
    }

    List<ReceivedMail> received(long since, String domain) {
        lock.lock();
        try {
            return mails.stream()
                    .filter(each -> each.number() >= since)
                    .filter(each -> isOf(domain, each.mail()))
                    .map(Mail::mail)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    List<Attempt> attempts(long since, String domain) {
        lock.lock();
        try {
            var found = new ArrayList<Attempt>();
            for (int i = 0; i < attempts.size(); i++) {
                Attempt attempt = attempts.get(i);
                if (numbers.get(i) >= since && attempt.isTelling() && isOf(domain, attempt)) {
                    found.add(attempt);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOf(String domain, MailFacts mail) {
        var addresses = new ArrayList<>(mail.to());
        addresses.add(mail.from());
        return Ownership.isOf(domain, addresses);
    }

    /** What a waiting test looks for. */
    interface Look {
        /** True when it is there. */
        boolean isDone();
    }

    /** Waits until it is there; false when the time is up. */
    boolean await(Look look, Duration limit) {
        Signal signal = time.signal();
        waiters.add(signal);
        try {
            Deadline deadline = time.after(limit);
            while (!look.isDone()) {
                if (!signal.await(deadline)) {
                    return look.isDone();
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for mail", e);
        } finally {
            waiters.remove(signal);
        }
    }
}
