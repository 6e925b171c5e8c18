package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Model.Format;
import org.posthouse.platform.TlsContexts;
import org.posthouse.relay.OutcomeRule;
import org.posthouse.relay.RelaySettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.Mechanism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is wrong between settings that are right by themselves. */
final class CrossChecks {
    private final ConfigFile file;
    private final Context context;

    private CrossChecks(ConfigFile file) {
        this.file = file;
        this.context = file.context();
    }

    /** Tells the file's context all that it finds. */
    static void run(ConfigFile file) {
        var checks = new CrossChecks(file);
        checks.certificate();
        checks.oauth();
        checks.mechanisms();
        checks.listeners();
        checks.domains();
        checks.names(Model.RELAY, Model.RELAY_NAME);
        checks.names(OutboundKeys.ROUTE, OutboundKeys.ROUTE_NAME);
        new RouteChecks(file, file.context()).run();
        OpenRelay.check(file);
        checks.store();
        checks.retry();
        checks.outcomes();
        file.all(SharingKeys.TENANT).forEach(checks::tenant);
        file.all(SharingKeys.PROVIDER).forEach(checks::provider);
        file.all(ExpectKeys.EXPECT).forEach(checks::expect);
    }

    private void expect(Table test) {
        for (Key<?> key : List.of(ExpectKeys.ASK, ExpectKeys.ANSWER)) {
            if (!test.has(key)) {
                context.missing(test, key, "a test has a question, `ask`, and its `answer`");
            }
        }
        test.get(ExpectKeys.ASK)
                .ifPresent(
                        ask -> {
                            for (Key<?> key : List.of(ExpectKeys.CLIENT, ExpectKeys.ASKED_TO)) {
                                if (!ask.has(key)) {
                                    context.missing(
                                            ask, key, "a question has a `client` and a `to`");
                                }
                            }
                        });
    }

    private void certificate() {
        certificate(file.one(Model.TLS), Model.CERTIFICATE);
        file.all(OutboundKeys.ROUTE).forEach(route -> certificate(route, OutboundKeys.CERTIFICATE));
        for (Table more : file.all(Model.MORE_CERTIFICATES)) {
            certificate(more, Model.CERTIFICATE);
            if (!more.has(Model.CERTIFICATE) && !more.has(Model.CERTIFICATE_KEY)) {
                context.missing(more, Model.CERTIFICATE, "a certificate and its key go together");
            }
        }
    }

    private void certificate(Table table, Key<Path> certificate) {
        if (table.has(certificate) != table.has(Model.CERTIFICATE_KEY)) {
            Key<?> missing = table.has(certificate) ? Model.CERTIFICATE_KEY : certificate;
            context.missing(table, missing, "a certificate and its key go together");
        }
        table.get(certificate)
                .ifPresent(
                        chain ->
                                table.get(Model.CERTIFICATE_KEY)
                                        .ifPresent(
                                                key ->
                                                        pair(
                                                                table.spanOf(certificate),
                                                                chain,
                                                                key)));
    }

    /** The two are read as the engine will read them. */
    private void pair(Span span, Path chain, Path key) {
        try {
            TlsContexts.fromPem(Files.readString(chain), Files.readString(key));
        } catch (IllegalArgumentException | IOException e) {
            context.add(
                    span,
                    Codes.CERTIFICATE,
                    "certificate and key do not work",
                    String.valueOf(e.getMessage()));
        }
    }

    private void listeners() {
        if (file.all(Model.LISTENER).isEmpty()) {
            context.add(
                    Span.FILE,
                    Codes.MISSING,
                    "there is no listener",
                    "nothing could come in; begin with [listener.public]");
        }
        Map<Bind, String> bound = new HashMap<>();
        for (Table listener : file.all(Model.LISTENER)) {
            if (!listener.has(Model.BIND)) {
                context.missing(listener, Model.BIND, "such as  bind = \"127.0.0.1:2525\"");
            }
            listener.get(Model.BIND).ifPresent(address -> bindOnce(listener, address, bound));
            context.only(
                    listener,
                    Model.SOCKET_MODE,
                    listener.get(Model.BIND).filter(Bind.Socket.class::isInstance).isPresent(),
                    "goes with  bind = \"unix:PATH\"  only");
            security(listener);
        }
    }

    private void bindOnce(Table listener, Bind address, Map<Bind, String> bound) {
        String other = bound.putIfAbsent(address, listener.name());
        if (other != null && address.isExclusive()) {
            context.add(
                    listener.spanOf(Model.BIND),
                    Codes.TWICE,
                    "two listeners are bound to one place",
                    "[listener." + other + "] is bound to it");
        }
    }

    private void security(Table listener) {
        boolean certificate = file.one(Model.TLS).has(Model.CERTIFICATE);
        Tls fallback = certificate ? Tls.OFFER : Tls.OFF;
        Tls tls = listener.get(Model.LISTENER_TLS).orElse(fallback);
        Auth auth = listener.get(Model.LISTENER_AUTH).orElse(Auth.OFF);
        if (tls != Tls.OFF && !certificate) {
            context.add(
                    listener.spanOf(Model.LISTENER_TLS),
                    Codes.NO_CERTIFICATE,
                    "TLS needs a certificate",
                    "give [tls] a certificate and a key");
        }
        if (auth != Auth.OFF && tls == Tls.OFF) {
            context.add(
                    listener.spanOf(Model.LISTENER_AUTH),
                    Codes.NO_TLS,
                    "logins are never offered on clear text",
                    "this listener has no TLS");
        }
        boolean users = file.one(LoginKeys.AUTHENTICATION).has(LoginKeys.USERS);
        boolean tokens = file.one(LoginKeys.OAUTH).has(LoginKeys.ISSUER);
        if (auth != Auth.OFF && !(users || tokens)) {
            context.add(
                    listener.spanOf(Model.LISTENER_AUTH),
                    Codes.MISMATCH,
                    "nobody could log in",
                    "give [auth] a file of users, or [oauth] an issuer");
        }
    }

    private void mechanisms() {
        Table auth = file.one(LoginKeys.AUTHENTICATION);
        List<Mechanism> offered = auth.get(LoginKeys.MECHANISMS).orElse(List.of());
        boolean users = auth.has(LoginKeys.USERS);
        boolean tokens = file.one(LoginKeys.OAUTH).has(LoginKeys.ISSUER);
        if (!offered.isEmpty()
                && offered.stream().noneMatch(m -> m.isOfTokens() ? tokens : users)) {
            context.add(
                    auth.spanOf(LoginKeys.MECHANISMS),
                    Codes.MISMATCH,
                    "nobody could log in",
                    "OAUTHBEARER and XOAUTH2 go with [oauth], the others with a file of users");
        }
    }

    private void oauth() {
        Table oauth = file.one(LoginKeys.OAUTH);
        boolean isThere = LoginKeys.OAUTH.keys().stream().anyMatch(oauth::has);
        for (Key<?> key : List.of(LoginKeys.ISSUER, LoginKeys.AUDIENCE, LoginKeys.OAUTH_KEYS)) {
            if (isThere && !oauth.has(key)) {
                context.missing(
                        oauth, key, "tokens are checked by `issuer`, `audience` and `keys`");
            }
        }
    }

    private void domains() {
        Table domains = file.one(Model.DOMAINS);
        List<String> local = domains.get(Model.LOCAL).orElse(List.of());
        for (String relayed : domains.get(Model.RELAYED).orElse(List.of())) {
            if (local.contains(relayed)) {
                context.add(
                        domains.spanOf(Model.RELAYED),
                        Codes.TWICE,
                        relayed + " can't be both local and relayed",
                        "it is stored here or passed on");
            }
        }
    }

    private void names(Section section, Key<String> key) {
        Set<String> names = new HashSet<>();
        for (Table table : file.all(section)) {
            String name = table.get(key).orElse("");
            if (!name.isEmpty() && !names.add(name)) {
                context.add(
                        table.spanOf(key),
                        Codes.SAME_NAME,
                        "the name of " + section.noun() + " is taken",
                        "another one has it");
            }
        }
    }

    private void store() {
        Table store = file.one(Model.STORE);
        boolean kept = store.get(Model.FORMAT).orElse(Format.MAILDIR) != Format.DISCARD;
        context.only(store, Model.STORE_PATH, kept, "nothing is kept");
    }

    private void retry() {
        Table retry = file.one(OutboundKeys.RETRY);
        if (retry.get(OutboundKeys.LADDER).map(List::isEmpty).orElse(false)) {
            context.add(
                    retry.spanOf(OutboundKeys.LADDER),
                    Codes.VALUE,
                    "`ladder` needs a list of durations",
                    "at least one");
        }
        Duration first = retry.get(OutboundKeys.PROBE_FIRST).orElse(Duration.ofSeconds(30));
        Duration max = retry.get(OutboundKeys.PROBE_MAX).orElse(Duration.ofMinutes(5));
        if (first.compareTo(max) > 0) {
            Key<?> key =
                    retry.has(OutboundKeys.PROBE_MAX)
                            ? OutboundKeys.PROBE_MAX
                            : OutboundKeys.PROBE_FIRST;
            context.add(
                    retry.spanOf(key),
                    Codes.MISMATCH,
                    "`probe_max` is shorter than `probe_first`",
                    "probing begins at `probe_first` and slows down");
        }
    }

    private void outcomes() {
        List<Table> rules = file.all(OutboundKeys.OUTCOME);
        for (Table rule : rules) {
            outcome(rule);
        }
        if (rules.size() > RelaySettings.Outcomes.RULES_MAX) {
            context.add(
                    rules.get(RelaySettings.Outcomes.RULES_MAX).header(),
                    Codes.VALUE,
                    "too many outcome rules",
                    "at most " + RelaySettings.Outcomes.RULES_MAX);
        }
    }

    private void outcome(Table rule) {
        if (!rule.has(OutboundKeys.CLASS)) {
            context.missing(rule, OutboundKeys.CLASS, "it says what such a reply means");
        }
        List<Key<List<String>>> conditions =
                List.of(OutboundKeys.REPLY_CODES, OutboundKeys.STATUSES, OutboundKeys.TEXTS);
        if (conditions.stream().noneMatch(rule::has)) {
            context.missing(
                    rule,
                    OutboundKeys.REPLY_CODES,
                    "a rule without codes, statuses and texts fits every refusal");
        }
        for (Key<List<String>> key : conditions) {
            if (rule.get(key).orElse(List.of()).size() > OutcomeRule.ALTERNATIVES_MAX) {
                context.add(
                        rule.spanOf(key),
                        Codes.VALUE,
                        "`" + key.name() + "` is too long a list",
                        "at most "
                                + OutcomeRule.ALTERNATIVES_MAX
                                + "; write a second rule for the rest");
            }
        }
    }

    private void tenant(Table tenant) {
        if (!tenant.has(SharingKeys.LOGIN) && !tenant.has(SharingKeys.LISTENER)) {
            context.missing(tenant, SharingKeys.LOGIN, "a tenant is a `login` or a `listener`");
        }
        context.only(
                tenant,
                SharingKeys.LISTENER,
                !tenant.has(SharingKeys.LOGIN),
                "a tenant is a `login` or a `listener`; write two for both");
        String listener = tenant.get(SharingKeys.LISTENER).orElse("");
        boolean known =
                file.all(Model.LISTENER).stream().anyMatch(each -> each.name().equals(listener));
        if (!listener.isEmpty() && !known && !tenant.has(SharingKeys.LOGIN)) {
            context.add(
                    tenant.spanOf(SharingKeys.LISTENER),
                    Codes.MISMATCH,
                    "there is no listener `" + listener + "`",
                    "the NAME of a [listener.NAME]");
        }
    }

    private void provider(Table provider) {
        for (Key<?> key : List.of(SharingKeys.PROVIDER_NAME, SharingKeys.HOSTS)) {
            if (!provider.has(key)) {
                context.missing(provider, key, "a provider has a `name` and `hosts`");
            }
        }
    }
}
