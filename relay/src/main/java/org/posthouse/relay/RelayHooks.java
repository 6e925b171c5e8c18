package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.platform.TlsFacts;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the relay asks the embedding program. May block the delivery it is asked about, nothing
 * else. One that throws counts as one that has nothing to say.
 *
 * @since 0.1
 */
public interface RelayHooks {
    /** Has nothing to say. */
    RelayHooks NONE = new RelayHooks() {};

    /** An attempt ended without success for some recipients, not yet settled. */
    default FailedAttempt.Advice failed(FailedAttempt attempt) {
        return FailedAttempt.Advice.NONE;
    }

    /**
     * TLS with a next hop is on, with whatever certificate the route's mode takes. One that throws
     * refuses.
     *
     * @param nexthop its name
     * @return false: nothing is sent to it, and no other way to it is tried in this attempt
     */
    default boolean accepts(String nexthop, TlsFacts facts) {
        return true;
    }

    /**
     * An attempt that did not succeed.
     *
     * @param delivery the delivery
     * @param attempt number of the attempt, from 1
     * @param nexthop where it went; empty when none was found
     * @param outcomes of the recipients that are not delivered
     */
    record FailedAttempt(DeliveryId delivery, int attempt, String nexthop, List<Refused> outcomes) {
        /** Copies the list. */
        public FailedAttempt {
            outcomes = List.copyOf(outcomes);
        }

        /** One recipient that was not delivered. */
        public record Refused(Mailbox recipient, Outcome outcome) {}

        /**
         * What to do instead of the schedule.
         *
         * @param retry try again although it failed for good, or sooner than the schedule says
         * @param after with {@code retry}: how long to wait
         * @param via with {@code retry}: a fixed next hop {@code host:port}; empty: as routed.
         *     Without effect while an operator sends the delivery another way
         */
        public record Advice(boolean retry, Duration after, String via) {
            /** The schedule decides. */
            public static final Advice NONE = new Advice(false, Duration.ZERO, "");

            /** Checks that nothing is missing. */
            public Advice {
                Objects.requireNonNull(after);
                Objects.requireNonNull(via);
            }
        }
    }
}
