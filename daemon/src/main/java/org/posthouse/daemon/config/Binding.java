package org.posthouse.daemon.config;

import org.posthouse.ListenerBuilder;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.PosthouseException.Problem;
import org.posthouse.RelayRuleBuilder;
import org.posthouse.daemon.config.Model.Format;
import org.posthouse.jwt.JwtRules;
import org.posthouse.jwt.JwtVerifier;
import org.posthouse.jwt.KeySet;
import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.PolicySet;
import org.posthouse.relay.RelaySettings;
import org.posthouse.server.ContentRules;
import org.posthouse.server.ContentRules.BareLineEnds;
import org.posthouse.server.Discard;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.Mechanism;
import org.posthouse.server.ServerLimits;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fills a builder from a configuration that has no errors of its own. */
final class Binding {
    private final Loaded loaded;
    private final ConfigFile file;
    private final PosthouseBuilder builder = Posthouse.builder();

    private Binding(Loaded loaded) {
        this.loaded = loaded;
        this.file = loaded.file();
    }

    /** A filled builder; or what the builder has against it. */
    static Configuration bind(Loaded loaded, String machine) {
        var binding = new Binding(loaded);
        binding.fill(machine);
        List<Problem> problems = binding.builder.problems();
        if (problems.isEmpty()) {
            return new Configuration.Good(
                    binding.builder,
                    binding.data(),
                    loaded.file().one(LoginKeys.AUTHENTICATION).get(LoginKeys.USERS),
                    binding.summary(),
                    Optional.of(new Configuration.Written(loaded)));
        }
        var text = new StringBuilder();
        for (Problem problem : problems) {
            text.append("error[").append(problem.code()).append("]: ").append(problem.text());
            text.append("\n   help: posthouse help ").append(problem.code()).append("\n\n");
        }
        text.append(problems.size() == 1 ? "1 error." : problems.size() + " errors.");
        return new Configuration.Bad(text.append('\n').toString());
    }

    private void fill(String machine) {
        Table root = file.one(Model.ROOT);
        builder.hostname(root.get(Model.HOSTNAME).orElse(machine)).data(data());
        file.all(Model.LISTENER).forEach(this::listener);
        Table tls = file.one(Model.TLS);
        tls.get(Model.CERTIFICATE)
                .ifPresent(
                        chain ->
                                tls.get(Model.CERTIFICATE_KEY)
                                        .ifPresent(key -> builder.certificate(chain, key)));
        file.all(Model.MORE_CERTIFICATES)
                .forEach(
                        more ->
                                builder.certificate(
                                        more.get(Model.CERTIFICATE).orElseThrow(),
                                        more.get(Model.CERTIFICATE_KEY).orElseThrow()));
        builder.local(domains(Model.LOCAL)).relayed(domains(Model.RELAYED));
        builder.places(places());
        loaded.recipients().ifPresent(builder::recipients);
        loaded.aliases().ifPresent(builder::aliases);
        loaded.users().ifPresent(users -> builder.users(new LiveUsers(usersPath(), users)));
        oauth();
        file.all(Model.RELAY).forEach(rule -> builder.relay(to -> relay(rule, to)));
        var routes = new RouteBinding(file);
        file.all(OutboundKeys.ROUTE)
                .forEach(
                        route ->
                                builder.route(
                                        to -> routes.bind(route, to.place(place(route.header())))));
        store();
        Table dns = file.one(Model.DNS);
        dns.get(Model.SERVERS)
                .ifPresent(
                        servers -> builder.dnsServers(servers.toArray(InetSocketAddress[]::new)));
        dns.get(Model.DNS_TIMEOUT).ifPresent(builder::dnsTimeout);
        dns.get(Model.DNSSEC).ifPresent(builder::dnssec);
        Table journal = file.one(JournalKeys.JOURNAL);
        journal.get(JournalKeys.KEEP).ifPresent(builder::keepDecisions);
        journal.get(JournalKeys.SUBJECTS)
                .filter(isKept -> isKept)
                .ifPresent(isKept -> builder.keepSubjects());
        builder.content(content());
        file.all(Model.DISCARD).forEach(this::discard);
        builder.limits(limits()).timeouts(timeouts()).retry(retry());
        Table retry = file.one(OutboundKeys.RETRY);
        retry.get(OutboundKeys.IDLE_WAIT).ifPresent(builder::idleWait);
        retry.get(OutboundKeys.BAD_NAME)
                .filter(fails -> !fails)
                .ifPresent(fails -> builder.defersForBadName());
        retry.get(OutboundKeys.COPY_FAILURES_TO).ifPresent(builder::copiesFailuresTo);
        file.all(OutboundKeys.OUTCOME).forEach(rule -> builder.outcome(OutcomeKeys.rule(rule)));
        SharingKeys.bind(file, builder);
    }

    private PolicySet.Places places() {
        Table domains = file.one(Model.DOMAINS);
        return new PolicySet.Places(
                place(domains.spanOf(Model.LOCAL)),
                place(domains.spanOf(Model.RELAYED)),
                domains.has(Model.RECIPIENTS) ? place(domains.spanOf(Model.RECIPIENTS)) : "",
                domains.has(Model.ALIASES) ? place(domains.spanOf(Model.ALIASES)) : "");
    }

    /** {@code posthouse.toml:31}; empty for what is not written. */
    private String place(Span span) {
        Path name = Path.of(loaded.name()).getFileName();
        return span.line() == 0 || name == null ? "" : name + ":" + span.line();
    }

    private void oauth() {
        Table oauth = file.one(LoginKeys.OAUTH);
        oauth.get(LoginKeys.ISSUER)
                .ifPresent(
                        issuer -> {
                            var rules =
                                    new JwtRules(
                                            issuer,
                                            oauth.get(LoginKeys.AUDIENCE).orElseThrow(),
                                            oauth.get(LoginKeys.LOGIN_CLAIM).orElse(JwtRules.EMAIL),
                                            oauth.get(LoginKeys.SCOPE));
                            KeySet keys = oauth.get(LoginKeys.OAUTH_KEYS).orElseThrow();
                            builder.tokens(new JwtVerifier(rules, keys));
                        });
    }

    private Path usersPath() {
        return file.one(LoginKeys.AUTHENTICATION).get(LoginKeys.USERS).orElseThrow();
    }

    private Path data() {
        return data(file);
    }

    /** The data folder of a file; the standard one beside it when it names none. */
    static Path data(ConfigFile file) {
        return file.one(Model.ROOT)
                .get(Model.DATA)
                .orElseGet(() -> file.context().resolve("posthouse-data"));
    }

    private void listener(Table listener) {
        switch (listener.get(Model.BIND).orElseThrow()) {
            case Bind.Port port -> builder.listen(port.address(), to -> listener(listener, to));
            case Bind.Socket socket -> {
                UnixSocket own = UnixSocket.at(socket.path());
                builder.listen(
                        listener.get(Model.SOCKET_MODE).map(own::withMode).orElse(own),
                        to -> listener(listener, to));
            }
        }
    }

    private void listener(Table listener, ListenerBuilder to) {
        to.name(listener.name()).place(place(listener.header()));
        listener.get(Model.CLIENT_CERTIFICATE)
                .filter(asked -> asked)
                .ifPresent(asked -> to.asksForClientCertificate());
        listener.get(Model.XCLIENT).ifPresent(peers -> to.xclient(peers.toArray(String[]::new)));
        listener.get(Model.PROXY).ifPresent(peers -> to.proxy(peers.toArray(String[]::new)));
        listener.get(Model.EARLY_TALK).ifPresent(to::refusesEarlyTalk);
        listener.get(Model.HELLO).ifPresent(to::needsHello);
        listener.get(Model.GREETING_PAUSE).ifPresent(to::greetingPause);
        Table auth = file.one(LoginKeys.AUTHENTICATION);
        auth.get(LoginKeys.MECHANISMS)
                .ifPresent(offered -> to.mechanisms(offered.toArray(Mechanism[]::new)));
        auth.get(LoginKeys.LOCKOUT)
                .ifPresent(lockout -> to.lockout(lockout.failures(), lockout.within()));
        listener.get(Model.LISTENER_HOSTNAME).ifPresent(to::hostname);
        listener.get(Model.LISTENER_TLS).ifPresent(to::tls);
        listener.get(Model.PROTOCOL)
                .filter(spoken -> spoken == Protocol.LMTP)
                .ifPresent(spoken -> to.lmtp());
        listener.get(Model.COMPLETE_WITH).ifPresent(to::completesWith);
        listener.get(Model.LISTENER_AUTH).ifPresent(to::auth);
    }

    private String[] domains(Key<List<String>> key) {
        return file.one(Model.DOMAINS).get(key).orElse(List.of()).toArray(String[]::new);
    }

    private void relay(Table rule, RelayRuleBuilder to) {
        to.place(place(rule.header()));
        rule.get(Model.RELAY_NAME).ifPresent(to::name);
        rule.get(Model.CLIENTS).ifPresent(networks -> to.clients(networks.toArray(String[]::new)));
        rule.get(Model.SENDERS).ifPresent(patterns -> to.senders(patterns.toArray(String[]::new)));
        rule.get(Model.RELAY_AUTH).filter(needed -> needed).ifPresent(needed -> to.auth());
        rule.get(Model.CERTIFICATES)
                .ifPresent(prints -> to.certificates(prints.toArray(String[]::new)));
        rule.get(Model.SEND_AS).filter(own -> own).ifPresent(own -> to.authAsOwn());
        rule.get(Model.RELAY_LIMIT)
                .ifPresent(limit -> to.limit(limit.recipients(), limit.period()));
        rule.get(Model.OPEN).ifPresent(open -> to.openRelayYesIUnderstand());
    }

    private void store() {
        switch (format()) {
            case MAILDIR, MBOX -> {
                if (format() == Format.MBOX) {
                    builder.mbox(storePath());
                } else {
                    builder.maildir(storePath());
                }
            }
            case DISCARD -> builder.discardLocal();
        }
    }

    private Format format() {
        return file.one(Model.STORE).get(Model.FORMAT).orElse(Format.MAILDIR);
    }

    private Path storePath() {
        String name = format() == Format.MBOX ? "mail.mbox" : "mail";
        return file.one(Model.STORE).get(Model.STORE_PATH).orElseGet(() -> data().resolve(name));
    }

    private ServerLimits limits() {
        Table limits = file.one(Model.LIMITS);
        Table timeouts = file.one(Model.TIMEOUTS);
        ServerLimits.Builder to = ServerLimits.builder();
        limits.get(Model.MESSAGE_SIZE).ifPresent(to::messageOctetsMax);
        limits.get(Model.RECIPIENTS_MAX).map(Long::intValue).ifPresent(to::recipientsMax);
        limits.get(Model.CONNECTIONS).map(Long::intValue).ifPresent(to::connectionsMax);
        limits.get(Model.CONNECTIONS_PER_CLIENT)
                .map(Long::intValue)
                .ifPresent(to::connectionsPerClientMax);
        limits.get(Model.CONNECTIONS_PER_MINUTE)
                .map(Long::intValue)
                .ifPresent(to::connectionsPerMinute);
        limits.get(Model.MESSAGES_PER_MINUTE).map(Long::intValue).ifPresent(to::messagesPerMinute);
        limits.get(Model.RECIPIENTS_PER_MINUTE)
                .map(Long::intValue)
                .ifPresent(to::recipientsPerMinute);
        timeouts.get(Model.SERVER_COMMAND).ifPresent(to::commandTimeout);
        timeouts.get(Model.SERVER_TRANSACTION).ifPresent(to::transactionTimeout);
        timeouts.get(Model.SERVER_DATA).ifPresent(to::dataTimeout);
        limits.get(Model.CLIENTS_EXEMPT)
                .map(networks -> networks.stream().map(IpNetwork::parse).toList())
                .ifPresent(to::clientsExempt);
        return to.build();
    }

    private void discard(Table discard) {
        List<IpNetwork> clients =
                discard.get(Model.CLIENTS).orElse(List.of()).stream()
                        .map(IpNetwork::parse)
                        .toList();
        builder.discard(new Discard(clients, discard.get(Model.DISCARDED).orElse(List.of())));
    }

    private ContentRules content() {
        Table content = file.one(Model.CONTENT);
        return new ContentRules(
                content.get(Model.BARE_LINE_ENDS).orElse(BareLineEnds.NORMALISE),
                content.get(Model.NUL).orElse(false),
                content.get(Model.EIGHT_BIT).orElse(false),
                content.get(Model.BINARYMIME).orElse(false));
    }

    private RelaySettings.Timeouts timeouts() {
        Table given = file.one(Model.TIMEOUTS);
        RelaySettings.Timeouts fallback = RelaySettings.Timeouts.DEFAULT;
        return new RelaySettings.Timeouts(
                given.get(Model.CLIENT_CONNECT).orElse(fallback.connect()),
                given.get(Model.CLIENT_GREETING).orElse(fallback.greeting()),
                given.get(Model.CLIENT_COMMAND).orElse(fallback.command()),
                given.get(Model.CLIENT_DATA_BLOCK).orElse(fallback.dataBlock()),
                given.get(Model.CLIENT_DATA_END).orElse(fallback.dataEnd()));
    }

    private RelaySettings.Retry retry() {
        Table given = file.one(OutboundKeys.RETRY);
        RelaySettings.Retry fallback = RelaySettings.Retry.DEFAULT;
        return new RelaySettings.Retry(
                given.get(OutboundKeys.LADDER).orElse(fallback.ladder()),
                given.get(OutboundKeys.GIVE_UP_AFTER).orElse(fallback.giveUpAfter()),
                given.get(OutboundKeys.WARN_AFTER).orElse(fallback.warnAfter()),
                given.get(OutboundKeys.PROBE_FIRST).orElse(fallback.probeFirst()),
                given.get(OutboundKeys.PROBE_MAX).orElse(fallback.probeMax()),
                given.get(OutboundKeys.PROBE_MAX_LATER).orElse(fallback.probeMaxLater()),
                given.get(OutboundKeys.REPORTS_GIVE_UP_AFTER)
                        .orElse(fallback.reportsGiveUpAfter()));
    }

    private Configuration.Summary summary() {
        var rules = new ArrayList<String>();
        for (Table rule : file.all(Model.RELAY)) {
            rules.add(rule.get(Model.RELAY_NAME).orElse("rule-" + (rules.size() + 1)));
        }
        return new Configuration.Summary(
                file.all(Model.LISTENER).size(),
                List.of(domains(Model.LOCAL)),
                List.of(domains(Model.RELAYED)),
                rules,
                file.all(OutboundKeys.ROUTE).size(),
                format() == Format.DISCARD ? "nothing (discarded)" : storePath().toString());
    }
}
