package org.posthouse;

import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.PosthouseBuilder.StoreChoice;
import org.posthouse.PosthouseException.Problem;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Mailbox;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayProblem;
import org.posthouse.relay.RelaySettings;
import org.posthouse.server.ContentRules;
import org.posthouse.server.Discard;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.ServerLimits;
import org.posthouse.spool.SpoolSettings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A frozen, checked configuration. */
record EngineSettings(
        String hostname,
        String postmasterDomain,
        Path data,
        SpoolSettings spool,
        List<ListenerBuilder> listeners,
        PolicySet rules,
        RelaySettings relay,
        ServerLimits limits,
        ContentRules content,
        List<Discard> discards,
        Logins logins,
        StoreChoice store,
        List<CertificateFiles> certificates,
        DnsSettings dns,
        JournalSettings journal,
        EngineHooks hooks,
        List<MailEvents> events,
        Optional<Platform> platform) {

    private static final int SMTP_PORT = 25;
    private static final int PROXY_V4_BITS_MIN = 8;
    private static final int PROXY_V6_BITS_MIN = 32;
    private static final int KEYWORD_OCTETS_MAX = 500;
    private static final Pattern KEYWORD =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*( [\\x21-\\x7e]+)*");

    /**
     * Those that mean something to clients: what we offer, and what they might take us to offer.
     */
    private static final Set<String> OUR_KEYWORDS =
            Set.of(
                    "PIPELINING",
                    "SIZE",
                    "STARTTLS",
                    "AUTH",
                    "ENHANCEDSTATUSCODES",
                    "8BITMIME",
                    "BINARYMIME",
                    "SMTPUTF8",
                    "CHUNKING",
                    "DSN",
                    "LIMITS",
                    "REQUIRETLS",
                    "XCLIENT");

    static EngineSettings freeze(PosthouseBuilder builder) {
        List<Problem> problems = problems(builder);
        if (!problems.isEmpty()) {
            throw new PosthouseException(problems);
        }
        RelaySettings defaults = RelaySettings.of(builder.hostname);
        var relay =
                new RelaySettings(
                        builder.hostname,
                        builder.retry,
                        builder.timeouts,
                        builder.idleWait,
                        defaults.activeMax(),
                        defaults.localConnections(),
                        defaults.recipientsPerTransaction(),
                        defaults.messagesPerConnection(),
                        new RelaySettings.Outcomes(builder.outcomeRules, builder.badNameFails),
                        builder.failuresTo,
                        new RelaySettings.Sharing(
                                builder.tenants, builder.providers, builder.total));
        return new EngineSettings(
                builder.hostname,
                postmasterDomain(builder),
                builder.data,
                builder.spool,
                List.copyOf(builder.listeners),
                rules(builder),
                relay,
                builder.limits,
                builder.content,
                List.copyOf(builder.discards),
                builder.logins,
                builder.store,
                List.copyOf(builder.certificates),
                builder.dns(),
                builder.journal,
                builder.hooks.copy(),
                List.copyOf(builder.events),
                builder.platform);
    }

    /** These settings, with what can't change while the engine runs from the running ones. */
    EngineSettings keeping(EngineSettings running) {
        return new EngineSettings(
                hostname,
                postmasterDomain,
                running.data,
                running.spool,
                listeners,
                rules,
                running.relay,
                limits,
                content,
                discards,
                logins,
                running.store,
                certificates,
                running.dns,
                running.journal,
                running.hooks,
                running.events,
                running.platform);
    }

    /** Where the files are that it names, whether it runs or not. */
    Disk disk() {
        return platform.map(Platform::disk).orElseGet(JdkPlatform::files);
    }

    static List<Problem> problems(PosthouseBuilder builder) {
        var problems = new ArrayList<Problem>();
        if (!isHostName(builder.hostname)) {
            problems.add(new Problem("PH-C020", "`" + builder.hostname + "` is not a host name"));
        } else if (!isDomain(postmasterDomain(builder))) {
            problems.add(
                    new Problem(
                            "PH-C020",
                            "`"
                                    + postmasterDomain(builder)
                                    + "` can't be the domain of addresses"));
        }
        checkListeners(builder, problems);
        checkDomains(builder, problems);
        for (RelayProblem open : Policy.openRelayProblems(rules(builder))) {
            problems.add(new Problem("PH-C031", open.text()));
        }
        return problems;
    }

    private static void checkListeners(PosthouseBuilder builder, List<Problem> problems) {
        Set<String> names = new HashSet<>();
        for (ListenerBuilder listener : builder.listeners) {
            if (!names.add(listener.name)) {
                problems.add(new Problem("PH-C021", "two listeners are called " + listener.name));
            }
            if (listener.tlsGiven && listener.tls != Tls.OFF && builder.certificates.isEmpty()) {
                problems.add(
                        new Problem(
                                "PH-C022",
                                "listener " + listener.name + " has TLS, but no certificate"));
            }
            checkProtocol(listener, problems);
            checkProxies(listener, problems);
            listener.keywords.forEach(line -> checkKeyword(listener.name, line, problems));
            checkClearText(listener, problems);
            boolean secured = listener.tls != Tls.OFF || !builder.certificates.isEmpty();
            boolean canLogIn = listener.takesClearTextLogins || (secured && !forcedOff(listener));
            if (listener.auth == Auth.REQUIRED && !canLogIn) {
                problems.add(
                        new Problem(
                                "PH-C023",
                                "listener "
                                        + listener.name
                                        + " requires a login, which is never offered on clear text,"
                                        + " and has no TLS"));
            }
        }
    }

    private static void checkClearText(ListenerBuilder listener, List<Problem> problems) {
        boolean isHere =
                listener.bind.getAddress() != null
                        && listener.bind.getAddress().isLoopbackAddress();
        if (listener.takesClearTextLogins && !isHere) {
            problems.add(
                    new Problem(
                            "PH-C035",
                            "listener "
                                    + listener.name
                                    + " takes logins in clear text, which is for loopback"
                                    + " addresses alone"));
        }
    }

    private static void checkProtocol(ListenerBuilder listener, List<Problem> problems) {
        if (listener.protocol == Protocol.LMTP && listener.bind.getPort() == SMTP_PORT) {
            problems.add(
                    new Problem(
                            "PH-C033",
                            "listener " + listener.name + " has LMTP on port 25, which is SMTP's"));
        }
        String domain = listener.completionDomain;
        if (!domain.isEmpty() && !isHostName(domain)) {
            problems.add(new Problem("PH-C020", "`" + domain + "` is not a host name"));
        }
    }

    /** Who may say that a client is anybody. */
    private static List<IpNetwork> trusted(ListenerBuilder listener) {
        return Stream.concat(listener.proxies.stream(), listener.frontEnds.stream()).toList();
    }

    /** Who may say that they are anybody could be anybody: an open relay wherever a rule is. */
    private static void checkProxies(ListenerBuilder listener, List<Problem> problems) {
        for (IpNetwork network : trusted(listener)) {
            int bitsMin = network.base().isV4() ? PROXY_V4_BITS_MIN : PROXY_V6_BITS_MIN;
            if (network.bits() < bitsMin) {
                problems.add(
                        new Problem(
                                "PH-C032",
                                "listener "
                                        + listener.name
                                        + ": "
                                        + network
                                        + " is too wide a network to be your own proxies"));
            }
        }
    }

    /** A line of the reply to EHLO (RFC 5321 section 4.1.1.1). */
    private static void checkKeyword(String listener, String line, List<Problem> problems) {
        if (line.length() > KEYWORD_OCTETS_MAX || !KEYWORD.matcher(line).matches()) {
            problems.add(
                    new Problem(
                            "PH-C027",
                            "listener " + listener + ": `" + line + "` is no keyword of EHLO"));
        } else if (OUR_KEYWORDS.contains(line.split(" ", 2)[0].toUpperCase(Locale.ROOT))) {
            problems.add(
                    new Problem(
                            "PH-C028",
                            "listener " + listener + ": `" + line + "` is a keyword of ours"));
        }
    }

    private static boolean forcedOff(ListenerBuilder listener) {
        return listener.tlsGiven && listener.tls == Tls.OFF;
    }

    private static void checkDomains(PosthouseBuilder builder, List<Problem> problems) {
        for (String domain : builder.localDomains) {
            if (builder.relayedDomains.contains(domain)) {
                problems.add(new Problem("PH-C024", domain + " can't be both local and relayed"));
            }
        }
    }

    /** The first local, else the first relayed domain; ours when there is neither. */
    private static String postmasterDomain(PosthouseBuilder builder) {
        return Stream.concat(builder.localDomains.stream(), builder.relayedDomains.stream())
                .findFirst()
                .orElse(builder.hostname);
    }

    private static PolicySet rules(PosthouseBuilder builder) {
        return new PolicySet(
                builder.localDomains,
                builder.relayedDomains,
                builder.recipients,
                builder.aliases,
                builder.relayRules.stream().map(RelayRuleBuilder::build).toList(),
                builder.builtRoutes(),
                builder.places);
    }

    private static boolean isHostName(String name) {
        return name.chars().allMatch(c -> c == '.' || c == '-' || Character.isLetterOrDigit(c))
                && isDomain(name + ".example"); // a number is a name, but not the last part of one
    }

    private static boolean isDomain(String name) {
        return Mailbox.tryParse("postmaster@" + name).isPresent();
    }
}
