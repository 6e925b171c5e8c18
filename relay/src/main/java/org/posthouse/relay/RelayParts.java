package org.posthouse.relay;

import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.Spool;
import org.posthouse.store.MessageStore;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a relay is made from.
 *
 * @param platform time, threads, network and DNS
 * @param spool holds what it delivers
 * @param store takes what is local
 * @param rules asked at each attempt, so that a change applies to mail already queued
 * @param settings schedule, time-outs and bounds
 * @param tls what TLS towards next hops trusts
 * @param own where we listen ourselves, asked at each look-up
 * @param hooks asked after attempts without success
 * @param events told what happens
 * @param memory the directory of a file that tells the next start which hosts could not be reached;
 *     empty: none
 * @since 0.1
 */
public record RelayParts(
        Platform platform,
        Spool spool,
        MessageStore store,
        Supplier<PolicySet> rules,
        RelaySettings settings,
        RelayTls tls,
        OwnAddresses own,
        RelayHooks hooks,
        MailEvents events,
        Optional<Path> memory) {
    /** Checks that nothing is missing. */
    public RelayParts {
        Objects.requireNonNull(platform);
        Objects.requireNonNull(spool);
        Objects.requireNonNull(store);
        Objects.requireNonNull(rules);
        Objects.requireNonNull(settings);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(own);
        Objects.requireNonNull(hooks);
        Objects.requireNonNull(events);
        Objects.requireNonNull(memory);
    }
}
