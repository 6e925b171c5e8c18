package org.posthouse.journal;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TimeSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to deliveries, kept for a while: where they went, every try with its dialogue where
 * it did not go well, and what came of it. Takes events and never waits for the disk.
 */
public final class EventLog implements MailEvents {
    /** 512 MiB, some two million messages. */
    public static final KeyedLog.Limits LIMITS =
            new KeyedLog.Limits(4 << 20, 128, Duration.ofDays(7));

    private final KeyedLog log;

    private final TimeSource time;
    private final Duration kept;

    private EventLog(KeyedLog log, TimeSource time, Duration kept) {
        this.log = log;
        this.time = time;
        this.kept = kept;
    }

    /** Begins to keep events in files of a folder. */
    public static EventLog start(Platform platform, Path folder, KeyedLog.Limits limits) {
        var log = KeyedLog.start(platform, folder, "attempts", limits);
        return new EventLog(log, platform.time(), limits.kept());
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        switch (event) {
            case MailEvent.Routed e -> add(e.delivery(), e, 400);
            case MailEvent.Tried e -> add(e.delivery(), e, 300 + weight(e.dialogue()));
            case MailEvent.Delivered e -> add(e.delivery(), e, 300);
            case MailEvent.Deferred e -> add(e.delivery(), e, 300);
            case MailEvent.Failed e -> add(e.delivery(), e, 300);
            case MailEvent.DeliveryChanged e ->
                    add(
                            e.delivery(),
                            e,
                            200 + 60 * Math.min(e.recipients().size(), EventText.RECIPIENTS_MAX));
            default -> {}
        }
    }

    private static int weight(Dialogue dialogue) {
        return dialogue.characters() + 80 * dialogue.lines().size();
    }

    private void add(DeliveryId delivery, MailEvent event, int weight) {
        log.add(new Item(delivery.message().value(), event, weight));
    }

    /** Writes what has gathered, then ends. */
    public void close(Deadline deadline) throws InterruptedException {
        log.close(deadline);
    }

    /**
     * What is known of a message's deliveries, in the order in which it happened.
     *
     * @param since when it was accepted, or before
     */
    public List<MailEvent> find(SpoolId message, Instant since) {
        Instant oldest = time.now().minus(kept);
        var events = new ArrayList<MailEvent>();
        for (byte[] octets : log.find(message.value(), since)) {
            try {
                events.addAll(EventText.read(message, new String(octets, StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                // damaged, or of another version
            }
        }
        events.removeIf(event -> event.at().isBefore(oldest));
        return events;
    }

    /** Events that are alike; changed under the log's lock while it waits. */
    private static final class Item implements KeyedLog.Item {
        private final long key;
        private final List<MailEvent> events = new ArrayList<>(1);
        private int weight;

        Item(long key, MailEvent event, int weight) {
            this.key = key;
            this.weight = weight;
            events.add(event);
        }

        @Override
        public long key() {
            return key;
        }

        @Override
        public byte[] octets() {
            return EventText.write(events).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public boolean absorbs(KeyedLog.Item next) {
            MailEvent added = ((Item) next).events.getFirst();
            if (!EventText.isAlike(events.getFirst(), added)) {
                return false;
            }
            if (events.size() < EventText.RECIPIENTS_MAX) {
                events.add(added);
                weight += 100;
            }
            return true;
        }
    }
}
