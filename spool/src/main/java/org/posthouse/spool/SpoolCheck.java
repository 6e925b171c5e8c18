package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;

/**
 * What reading a whole spool found.
 *
 * @param version of the format; 0 when no segment has a header
 * @param segments how many there are
 * @param checkpoints how many there are
 * @param frameCount frames that count
 * @param queue what is to be delivered
 * @param tail the end of the log, which nothing says was forced
 * @param setAside messages that lack part of their content: neither delivered nor forgotten; the
 *     first thousand
 * @param setAsideCount how many there are
 * @param damage damaged places; the first thousand
 * @param damageCount how many there are
 * @param isComplete false when another process changed the log so quickly that its end was not
 *     reached; then messages that seem to lack content are not reported
 * @since 0.1
 */
public record SpoolCheck(
        int version,
        Segments segments,
        Checkpoints checkpoints,
        long frameCount,
        Queue queue,
        Tail tail,
        List<SetAside> setAside,
        long setAsideCount,
        List<SpoolDamage> damage,
        long damageCount,
        boolean isComplete) {
    /** Copies the lists. */
    public SpoolCheck {
        setAside = List.copyOf(setAside);
        damage = List.copyOf(damage);
    }

    /** True when nothing is wrong. */
    public boolean isFine() {
        return damageCount == 0 && setAsideCount == 0;
    }

    /**
     * Segments.
     *
     * @param used how many are in use
     * @param free how many are free
     * @param bulk how many hold large content
     * @param octets the length of all
     */
    public record Segments(int used, int free, int bulk, long octets) {}

    /**
     * Checkpoints.
     *
     * @param usable those that a start could begin with
     * @param unusable the others: a crash may have cut one short
     */
    public record Checkpoints(int usable, int unusable) {}

    /**
     * What is to be delivered.
     *
     * @param messageCount messages
     * @param deliveryCount their deliveries
     * @param heldCount those that are held
     * @param octets of the messages, prefixes included
     * @param oldest the message that waits longest; null when there is none
     */
    public record Queue(
            long messageCount,
            long deliveryCount,
            long heldCount,
            long octets,
            @Nullable Oldest oldest) {}

    /** The message that waits longest. */
    public record Oldest(SpoolId id, Instant acceptedAt) {}

    /**
     * The end of the log.
     *
     * @param keptOctets of whole frames that count although nothing says that they were forced
     * @param cutOctets of frames that do not count
     */
    public record Tail(long keptOctets, long cutOctets) {}

    /**
     * A message that lacks part of its content.
     *
     * @param id its name
     * @param lackingOctets how much
     */
    public record SetAside(SpoolId id, long lackingOctets) {}
}
