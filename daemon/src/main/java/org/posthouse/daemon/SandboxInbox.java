package org.posthouse.daemon;

import org.posthouse.QueueView;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Recipient;
import org.posthouse.core.SpoolId;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The mail of a sandbox, which is its queue that nothing leaves: the newest messages stay, and each
 * that comes, or is refused, is told in a line.
 */
final class SandboxInbox implements MailEvents {
    /** All messages are counted anew when so much has come. */
    private static final long SCAN_OCTETS = 50_000_000;

    private static final int PAGE = 500;
    private static final int SUBJECT_CHARS = 60;
    private static final int ADDRESS_CHARS = 60;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Bounds bounds;
    private final Consumer<String> lines;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private long octetsSinceScan;

    private volatile Optional<QueueView> queue = Optional.empty();

    /**
     * How much stays.
     *
     * @param messages the newest ones
     * @param octets of all of them; perhaps 50 MB more for a moment
     */
    record Bounds(int messages, long octets) {
        static final Bounds DEFAULT = new Bounds(500, 1_000_000_000);
    }

    SandboxInbox(Bounds bounds, Consumer<String> lines) {
        this.bounds = bounds;
        this.lines = lines;
    }

    /** The queue is there: drops what is too much of it. */
    void attach(QueueView view) {
        queue = Optional.of(view);
        lock.lock();
        try {
            boundOctets(view);
            boundMessages(view);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        switch (event) {
            case MailEvent.Received received -> {
                lines.accept(line(received));
                queue.ifPresent(view -> bound(view, received.octets()));
            }
            case MailEvent.Refused refused -> lines.accept(line(refused));
            case MailEvent.Trouble trouble -> lines.accept(LogLine.of(trouble));
            default -> {}
        }
    }

    private String line(MailEvent.Received received) {
        List<Recipient> to = received.recipients();
        String from = received.reversePath().isNull() ? "<>" : received.reversePath().address();
        String more = to.size() > 1 ? " (+" + (to.size() - 1) + ")" : "";
        return "%s  %s -> %s%s   \"%s\"   %s   %s"
                .formatted(
                        CLOCK.format(received.at()),
                        cut(from, ADDRESS_CHARS),
                        cut(to.getFirst().mailbox().address(), ADDRESS_CHARS),
                        more,
                        cut(subject(received.message()), SUBJECT_CHARS),
                        Figures.octets(received.octets()),
                        received.message());
    }

    private static String line(MailEvent.Refused refused) {
        String whom =
                refused.address().isEmpty() ? "" : cut(refused.address(), ADDRESS_CHARS) + " ";
        return "%s  %srefused: %s"
                .formatted(
                        CLOCK.format(refused.at()),
                        whom,
                        cut(refused.reply().toString(), 2 * ADDRESS_CHARS));
    }

    private String subject(SpoolId id) {
        return queue.flatMap(view -> view.content(id)).map(QueueControl::subject).orElse("");
    }

    /** One line of a terminal, whatever strangers wrote. */
    private static String cut(String text, int chars) {
        String safe = text.replaceAll("\\p{Cntrl}+", " ");
        return safe.length() <= chars ? safe : safe.substring(0, chars - 3) + "...";
    }

    private void bound(QueueView view, long octets) {
        lock.lock();
        try {
            octetsSinceScan += octets;
            if (octetsSinceScan >= Math.min(SCAN_OCTETS, bounds.octets())) {
                boundOctets(view);
            }
            boundMessages(view);
        } finally {
            lock.unlock();
        }
    }

    private void boundMessages(QueueView view) {
        boolean goesOn = true;
        while (goesOn && view.messages() > bounds.messages()) {
            List<QueueView.Entry> oldest = view.list(1);
            goesOn = !oldest.isEmpty() && drop(view, oldest.getFirst().id().message());
        }
    }

    private void boundOctets(QueueView view) {
        Map<SpoolId, Long> all = octetsByMessage(view);
        long octets = all.values().stream().mapToLong(Long::longValue).sum();
        for (Map.Entry<SpoolId, Long> each : all.entrySet()) {
            if (octets > bounds.octets() && drop(view, each.getKey())) {
                octets -= each.getValue();
            }
        }
        octetsSinceScan = 0;
    }

    /** The oldest first. */
    private static Map<SpoolId, Long> octetsByMessage(QueueView view) {
        Map<SpoolId, Long> all = new LinkedHashMap<>();
        List<QueueView.Entry> page = view.list(PAGE);
        while (!page.isEmpty()) {
            page.forEach(entry -> all.put(entry.id().message(), entry.octets()));
            DeliveryId last = page.getLast().id();
            page = view.listAfter(last, PAGE);
        }
        return all;
    }

    /** False when nothing of it could be. */
    private static boolean drop(QueueView view, SpoolId message) {
        boolean isDropped = false;
        for (QueueView.Entry entry : view.of(message)) {
            isDropped |= view.remove(entry.id());
        }
        return isDropped;
    }
}
