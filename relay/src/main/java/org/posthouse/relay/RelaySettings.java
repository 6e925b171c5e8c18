package org.posthouse.relay;

import org.posthouse.core.Mailbox;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How delivering behaves; what the routes say comes on top.
 *
 * @param hostname what we call ourselves in EHLO and reports
 * @param retry the schedule
 * @param timeouts of conversations with next hops
 * @param idleWait before the first attempt of a relayed message
 * @param activeMax deliveries held in memory for attempts at the same time
 * @param localConnections stores to the local store at the same time
 * @param recipientsPerTransaction at most, RCPT commands in one transaction
 * @param messagesPerConnection at most, then the connection is closed and another opened
 * @param outcomes what replies mean
 * @param copiesTo gets a report, too, of everything that failed, our own reports excepted; empty:
 *     nobody
 * @param sharing who gets which part of what hosts take
 * @since 0.1
 */
public record RelaySettings(
        String hostname,
        Retry retry,
        Timeouts timeouts,
        Duration idleWait,
        int activeMax,
        int localConnections,
        int recipientsPerTransaction,
        int messagesPerConnection,
        Outcomes outcomes,
        Optional<Mailbox> copiesTo,
        Sharing sharing) {
    /** Checks that nothing is missing. */
    public RelaySettings {
        Objects.requireNonNull(hostname);
        Objects.requireNonNull(retry);
        Objects.requireNonNull(timeouts);
        Objects.requireNonNull(idleWait);
        Objects.requireNonNull(outcomes);
        Objects.requireNonNull(copiesTo);
        Objects.requireNonNull(sharing);
    }

    /** Everybody gets the same. */
    public RelaySettings(
            String hostname,
            Retry retry,
            Timeouts timeouts,
            Duration idleWait,
            int activeMax,
            int localConnections,
            int recipientsPerTransaction,
            int messagesPerConnection,
            Outcomes outcomes,
            Optional<Mailbox> copiesTo) {
        this(
                hostname,
                retry,
                timeouts,
                idleWait,
                activeMax,
                localConnections,
                recipientsPerTransaction,
                messagesPerConnection,
                outcomes,
                copiesTo,
                Sharing.DEFAULT);
    }

    /** The defaults of the product for a host name. */
    public static RelaySettings of(String hostname) {
        return new RelaySettings(
                hostname,
                Retry.DEFAULT,
                Timeouts.DEFAULT,
                Duration.ZERO,
                20_000,
                16,
                100,
                1000,
                Outcomes.DEFAULT,
                Optional.empty());
    }

    /**
     * Who gets which part of what hosts take.
     *
     * @param tenants those that differ from the others; of several for one, the first counts
     * @param providers asked before those that we ship, in order
     * @param total what bounds all together
     */
    public record Sharing(List<Tenant> tenants, List<Provider> providers, Total total) {
        /** Tenants with settings of their own. */
        public static final int TENANTS_MAX = 10_000;

        /** Providers of one's own. */
        public static final int PROVIDERS_MAX = 1000;

        /** Everybody gets the same; the providers that we ship. */
        public static final Sharing DEFAULT = new Sharing(List.of(), List.of());

        /** Without a bound of all together. */
        public Sharing(List<Tenant> tenants, List<Provider> providers) {
            this(tenants, providers, Total.NONE);
        }

        /** Copies the lists and checks their sizes. */
        public Sharing {
            Objects.requireNonNull(total);
            tenants = List.copyOf(tenants);
            providers = List.copyOf(providers);
            if (tenants.size() > TENANTS_MAX || providers.size() > PROVIDERS_MAX) {
                throw new IllegalArgumentException(
                        "more than " + TENANTS_MAX + " tenants or " + PROVIDERS_MAX + " providers");
            }
        }
    }

    /**
     * What goes to all next hops together, the local store excepted.
     *
     * @param messagesPerMinute 0 for no bound
     * @param connectionsPerMinute tried, whatever comes of them; 0 for no bound
     */
    public record Total(int messagesPerMinute, int connectionsPerMinute) {
        /** No bounds. */
        public static final Total NONE = new Total(0, 0);

        /** Checks the numbers. */
        public Total {
            if (messagesPerMinute < 0 || connectionsPerMinute < 0) {
                throw new IllegalArgumentException("a rate below 0");
            }
        }
    }

    /**
     * Who receives the mail of many domains on many hosts, and counts what we send in all.
     *
     * @param name for events
     * @param hosts names of MX hosts; {@code *.far.example} is any host within that domain
     * @param connectionsMax to all of them together
     * @param messagesPerMinute to all of them together; 0 for no bound
     * @param connectionsPerMinute the same, that are tried, whatever comes of them
     */
    public record Provider(
            String name,
            List<String> hosts,
            int connectionsMax,
            int messagesPerMinute,
            int connectionsPerMinute) {
        /** As good as no bound. */
        public static final int CONNECTIONS_MAX = 10_000;

        /** Names of hosts. */
        public static final int HOSTS_MAX = 100;

        /** Checks names and numbers. */
        public Provider {
            Objects.requireNonNull(name);
            hosts = hosts.stream().map(Provider::requireHost).toList();
            if (hosts.isEmpty() || hosts.size() > HOSTS_MAX) {
                throw new IllegalArgumentException("not 1 to " + HOSTS_MAX + " hosts: " + name);
            }
            boolean isRate = messagesPerMinute >= 0 && connectionsPerMinute >= 0;
            if (connectionsMax < 1 || connectionsMax > CONNECTIONS_MAX || !isRate) {
                throw new IllegalArgumentException("not a number or a rate for " + name);
            }
        }

        /** Without a bound of the connections in a minute. */
        public Provider(
                String name, List<String> hosts, int connectionsMax, int messagesPerMinute) {
            this(name, hosts, connectionsMax, messagesPerMinute, 0);
        }

        /**
         * A pattern of host names, in lower case.
         *
         * @throws IllegalArgumentException when it is none
         */
        public static String requireHost(String pattern) {
            String lower = pattern.toLowerCase(Locale.ROOT);
            if (!lower.matches("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)+")) {
                throw new IllegalArgumentException("not a host such as *.far.example: " + pattern);
            }
            return lower;
        }

        /** True for a host of it, in lower case. */
        boolean has(String host) {
            for (String each : hosts) {
                if (each.startsWith("*.") ? host.endsWith(each.substring(1)) : host.equals(each)) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * A login, or a listener with all its mail that came without one: how its mail is treated where
     * mail of others waits for the same host.
     *
     * @param login true: the name is a login; false: of a listener
     * @param name whose mail it is
     * @param weight what it gets, as a multiple of what others get; 1 to 100
     * @param bulk its mail lets other mail go first, unless it is urgent
     * @param messagesPerMinute to all next hops together; 0 for no bound
     */
    public record Tenant(
            boolean login, String name, int weight, boolean bulk, int messagesPerMinute) {
        /** The largest weight. */
        public static final int WEIGHT_MAX = 100;

        /** Like everybody. */
        public static final Tenant ANY = new Tenant(false, "", 1, false, 0);

        /** Checks the numbers. */
        public Tenant {
            Objects.requireNonNull(name);
            if (weight < 1 || weight > WEIGHT_MAX || messagesPerMinute < 0) {
                throw new IllegalArgumentException(
                        "not a weight from 1 to 100, or not a rate: "
                                + weight
                                + ", "
                                + messagesPerMinute);
            }
        }
    }

    /**
     * What replies mean.
     *
     * @param rules asked before those that we ship, in order
     * @param badNameFails what becomes of mail that is refused for our address' bad name ({@link
     *     ReplyClass#REP}): true, it fails at once, so that its author knows; false, it waits for
     *     the address to be taken off the list
     */
    public record Outcomes(List<OutcomeRule> rules, boolean badNameFails) {
        /** Rules of a program's own. */
        public static final int RULES_MAX = 1000;

        /** No rules of one's own; a bad name fails. */
        public static final Outcomes DEFAULT = new Outcomes(List.of(), true);

        /** Copies the list and checks its size. */
        public Outcomes {
            rules = List.copyOf(rules);
            if (rules.size() > RULES_MAX) {
                throw new IllegalArgumentException("more than " + RULES_MAX + " outcome rules");
            }
        }
    }

    /**
     * The retry schedule.
     *
     * @param ladder delays in order, the last repeats; replaces every class's schedule. Empty: the
     *     schedules of each class
     * @param giveUpAfter age at which a message expires
     * @param warnAfter age at which a delay report is made, once; at or beyond giveUpAfter: never
     * @param probeFirst an unreachable next hop is probed after this, doubling
     * @param probeMax at most this apart
     * @param probeMaxLater the same after a day without success; the longer of both counts
     * @param reportsGiveUpAfter age at which a report of ours expires; at most giveUpAfter
     */
    public record Retry(
            List<Duration> ladder,
            Duration giveUpAfter,
            Duration warnAfter,
            Duration probeFirst,
            Duration probeMax,
            Duration probeMaxLater,
            Duration reportsGiveUpAfter) {
        /** The schedule of the design: 5, 10, 20, 40, 80, 160 min, then 4 h, for 5 days. */
        public static final Retry DEFAULT =
                new Retry(
                        List.of(),
                        Duration.ofDays(5),
                        Duration.ofHours(4),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofDays(1));

        /** Copies the list. */
        public Retry {
            ladder = List.copyOf(ladder);
        }
    }

    /** Absolute time-outs of a client, each step its own (RFC 5321 section 4.5.3.2). */
    public record Timeouts(
            Duration connect,
            Duration greeting,
            Duration command,
            Duration dataBlock,
            Duration dataEnd) {
        /** The RFC's minimums, but for a shorter connect. */
        public static final Timeouts DEFAULT =
                new Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(10));
    }
}
