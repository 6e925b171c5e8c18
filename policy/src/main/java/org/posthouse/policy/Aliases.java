package org.posthouse.policy;

import org.posthouse.core.Mailbox;

import java.util.List;

/**
 * Other addresses that addresses of local domains stand for. Must be fast and must not block.
 *
 * @since 0.1
 */
public interface Aliases {
    /** None. */
    Aliases NONE = address -> List.of();

    /** What mail for this address goes to instead; empty when it is no alias. */
    List<Mailbox> targets(Mailbox address);

    /** What mail for addresses of this domain that do not exist goes to; empty for nothing. */
    default List<Mailbox> catchAll(String domain) {
        return List.of();
    }
}
