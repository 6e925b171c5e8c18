package org.posthouse.policy;

import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;

import java.util.List;
import java.util.Objects;

/**
 * What is to happen with one recipient.
 *
 * @since 0.1
 */
public sealed interface Verdict {
    /** Stored here. */
    record Local() implements Verdict {}

    /** An alias: taken for those that it stands for, at least one. */
    record Expand(List<Target> targets) implements Verdict {
        /** Copies the list and checks that there is somebody. */
        public Expand {
            targets = List.copyOf(targets);
            if (targets.isEmpty()) {
                throw new IllegalArgumentException("expanded to nobody");
            }
        }
    }

    /**
     * One of them.
     *
     * @param mailbox whom its mail is for
     * @param disposition what becomes of its mail
     */
    record Target(Mailbox mailbox, Disposition disposition) {
        /** Checks that nothing is missing. */
        public Target {
            Objects.requireNonNull(mailbox);
            Objects.requireNonNull(disposition);
        }
    }

    /**
     * Passed on.
     *
     * @param rule the relay rule that granted it, {@code relayed domain}, or {@code own mail}
     * @param route the route's name as of now; the attempt looks again
     */
    record Relay(String rule, String route) implements Verdict {
        /** Checks that nothing is missing. */
        public Relay {
            Objects.requireNonNull(rule);
            Objects.requireNonNull(route);
        }
    }

    /**
     * Not ours to decide: a rule permits that a hook relays it. Without the hook's word it is
     * refused with {@code otherwise}. {@code route} is empty when none matches: the hook then has
     * to choose a next hop.
     */
    record HookMayRelay(String rule, String route, Reply otherwise) implements Verdict {
        /** Checks that nothing is missing. */
        public HookMayRelay {
            Objects.requireNonNull(rule);
            Objects.requireNonNull(route);
            Objects.requireNonNull(otherwise);
        }
    }

    /** Refused. */
    record Refuse(Reply reply) implements Verdict {
        /** Checks that nothing is missing. */
        public Refuse {
            Objects.requireNonNull(reply);
        }
    }
}
