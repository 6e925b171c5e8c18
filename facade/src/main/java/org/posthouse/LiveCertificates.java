package org.posthouse;

import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Disk;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsContexts.Pem;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The certificates of now, as what handshakes take: files that have changed are read again at the
 * next handshake, at most every ten seconds. What can't be read leaves the old ones in place, and
 * is told once. Sessions that run are not touched.
 */
final class LiveCertificates<T> implements Supplier<T> {
    static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final Disk disk;
    private final TimeSource time;
    private final MailEvents events;
    private final List<CertificateFiles> files;
    private final ReentrantLock lock = new ReentrantLock();
    private final Function<List<Pem>, T> maker;
    private volatile T made;

    /** Guarded by the lock: what the files held when they were last looked at. */
    private List<String> texts;

    /** By the monotonic clock. */
    private volatile long lookAt;

    /**
     * Reads the files.
     *
     * @param maker makes of them what is given out
     * @throws PosthouseException when one can't be read or used
     */
    LiveCertificates(
            Platform platform,
            MailEvents events,
            List<CertificateFiles> files,
            Function<List<Pem>, T> maker) {
        this.maker = maker;
        this.disk = platform.disk();
        this.time = platform.time();
        this.events = events;
        this.files = List.copyOf(files);
        texts = Certificates.texts(disk, this.files);
        made = maker.apply(Certificates.pems(this.files, texts));
        lookAt = time.nanos() + LOOK_EVERY.toNanos();
    }

    @Override
    public T get() {
        if (time.nanos() - lookAt >= 0 && lock.tryLock()) {
            try {
                look();
            } finally {
                lookAt = time.nanos() + LOOK_EVERY.toNanos();
                lock.unlock();
            }
        }
        return made;
    }

    private void look() {
        List<String> now;
        try {
            now = Certificates.texts(disk, files);
        } catch (PosthouseException e) {
            now = List.of(e.toString());
        }
        if (now.equals(texts)) {
            return;
        }
        texts = now;
        try {
            made = maker.apply(Certificates.pems(files, Certificates.texts(disk, files)));
        } catch (PosthouseException e) {
            String text = "the certificate that was read before is shown on: " + e.getMessage();
            events.emit(new MailEvent.Trouble(time.now(), "PH-T004", text));
        }
    }
}
