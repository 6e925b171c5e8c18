package org.posthouse.daemon.config;

import org.posthouse.core.SaslMechanism;
import org.posthouse.daemon.config.OutboundKeys.Way;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.Source;
import org.posthouse.policy.Route.TlsMode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must fit together in routes and in what they name. */
final class RouteChecks {
    private final ConfigFile file;
    private final Context context;

    RouteChecks(ConfigFile file, Context context) {
        this.file = file;
        this.context = context;
    }

    void run() {
        file.all(OutboundKeys.ROUTE).forEach(this::route);
        file.all(TokenKeys.TOKENS).forEach(this::tokens);
    }

    private void route(Table route) {
        if (route.has(OutboundKeys.VIA) && route.get(OutboundKeys.VIA).isEmpty()) {
            return;
        }
        Way via = route.get(OutboundKeys.VIA).orElse(Way.MX);
        boolean isFixed = via == Way.SMARTHOST || via == Way.LMTP;
        if (isFixed && !route.has(OutboundKeys.HOST) && !route.has(OutboundKeys.HOSTS)) {
            String what = via == Way.LMTP ? "a mail store" : "a smarthost";
            context.missing(route, OutboundKeys.HOST, what + " has a `host`");
        }
        for (Key<?> key : List.of(OutboundKeys.HOST, OutboundKeys.HOSTS, OutboundKeys.AUTH)) {
            context.only(route, key, isFixed, "goes with  via = \"smarthost\"  or  \"lmtp\"  only");
        }
        context.only(
                route,
                OutboundKeys.HOSTS,
                !route.has(OutboundKeys.HOST),
                "`host` is there; write all of them here");
        hosts(route);
        sources(route, via == Way.MX || isFixed);
        context.only(route, OutboundKeys.INTERNAL, via == Way.MX, "goes with  via = \"mx\"  only");
        boolean out = via == Way.MX || isFixed;
        for (Key<?> key :
                List.of(OutboundKeys.PORT, OutboundKeys.ROUTE_TLS, OutboundKeys.MAX_CONNECTIONS)) {
            context.only(route, key, out, "no connection is made by this route");
        }
        certificate(route, out);
        policies(route, OutboundKeys.ROUTE_TLS, via == Way.MX);
        route.get(OutboundKeys.AUTH).ifPresent(this::login);
    }

    private void certificate(Table route, boolean connects) {
        boolean isOff = route.get(OutboundKeys.ROUTE_TLS).filter(TlsMode.OFF::equals).isPresent();
        boolean isOnSomewhere =
                route.get(OutboundKeys.HOSTS).orElse(List.of()).stream()
                        .anyMatch(
                                host -> host.get(HostKeys.TLS).orElse(TlsMode.OFF) != TlsMode.OFF);
        for (Key<?> key : List.of(OutboundKeys.CERTIFICATE, Model.CERTIFICATE_KEY)) {
            context.only(route, key, connects, "no connection is made by this route");
            context.only(
                    route,
                    key,
                    !connects || !isOff || isOnSomewhere,
                    "`tls` is off, so that nobody asks for a certificate");
        }
    }

    private void hosts(Table route) {
        List<Table> hosts = route.get(OutboundKeys.HOSTS).orElse(List.of());
        if (hosts.size() > Peer.MOST) {
            context.add(
                    route.spanOf(OutboundKeys.HOSTS),
                    Codes.VALUE,
                    "`hosts` is too long a list",
                    "at most " + Peer.MOST);
        }
        for (Table host : hosts) {
            if (!host.has(HostKeys.HOST)) {
                context.missing(host, HostKeys.HOST, "it says where it is");
            }
            context.only(
                    host,
                    HostKeys.WEIGHT,
                    host.has(HostKeys.ORDER),
                    "it shares with hosts of the same `order`: give both");
            policies(host, HostKeys.TLS, false);
            host.get(HostKeys.AUTH).ifPresent(this::login);
        }
    }

    private void policies(Table table, Key<TlsMode> key, boolean isByDomain) {
        boolean isAsked = table.get(key).filter(TlsMode.MTA_STS::equals).isPresent();
        context.only(
                table,
                key,
                isByDomain || !isAsked,
                "policies are of domains: `mta-sts` goes with  via = \"mx\"  only");
    }

    private void sources(Table route, boolean connects) {
        boolean several = route.has(SourceKeys.SOURCES);
        for (Key<?> key : List.of(SourceKeys.SOURCE, SourceKeys.HELO, SourceKeys.SOURCES)) {
            context.only(route, key, connects, "no connection is made by this route");
        }
        for (Key<?> key : List.of(SourceKeys.SOURCE, SourceKeys.HELO)) {
            context.only(route, key, !several, "`sources` are there; write it in each of them");
        }
        addresses(route);
        List<Table> sources = route.get(SourceKeys.SOURCES).orElse(List.of());
        Set<String> names = new HashSet<>();
        for (Table source : sources) {
            addresses(source);
            warmUp(source);
            List<String> first = source.get(SourceKeys.SOURCE).orElse(List.of(""));
            if (!names.add(source.get(SourceKeys.HELO).orElse(first.getFirst()))) {
                context.add(
                        source.header(),
                        Codes.SAME_NAME,
                        "another source looks the same",
                        "each has a `helo` or `source` of its own");
            }
        }
        if (sources.size() > Source.MOST) {
            context.add(
                    route.spanOf(SourceKeys.SOURCES),
                    Codes.VALUE,
                    "`sources` is too long a list",
                    "at most " + Source.MOST);
        }
    }

    private void warmUp(Table source) {
        boolean warms = source.has(SourceKeys.WARM_UP_SINCE);
        for (Key<?> key : List.of(SourceKeys.WARM_UP_FIRST_DAY, SourceKeys.WARM_UP_DOUBLES)) {
            context.only(source, key, warms, "`warm_up_since` says when it begins");
        }
    }

    private void addresses(Table table) {
        List<String> addresses = table.get(SourceKeys.SOURCE).orElse(List.of());
        if (Types.checked("", each -> new Source(addresses, each, 1)).isEmpty()) {
            context.add(
                    table.spanOf(SourceKeys.SOURCE),
                    Codes.VALUE,
                    "`source` has two addresses of a family",
                    "at most one of IPv4 and one of IPv6; write `sources` for several");
        }
    }

    private void login(Table auth) {
        if (!auth.has(OutLoginKeys.USER)) {
            context.missing(auth, OutLoginKeys.USER, "a login has a `user`");
        }
        boolean isByTokens = auth.has(OutLoginKeys.TOKENS);
        if (!auth.has(OutLoginKeys.PASSWORD) && !isByTokens) {
            context.missing(auth, OutLoginKeys.PASSWORD, "a login has a `password` or `tokens`");
        }
        context.only(auth, OutLoginKeys.PASSWORD, !isByTokens, "`tokens` are there");
        SaslMechanism how = auth.get(OutLoginKeys.MECHANISM).orElse(SaslMechanism.AUTO);
        boolean fits = how == SaslMechanism.AUTO || how.isForTokens() == isByTokens;
        context.only(
                auth,
                OutLoginKeys.MECHANISM,
                fits,
                how.isForTokens() ? "it takes `tokens`, not a password" : "it takes a password");
        boolean isNamed =
                auth.get(OutLoginKeys.TOKENS)
                        .map(
                                name ->
                                        file.all(TokenKeys.TOKENS).stream()
                                                .anyMatch(each -> each.name().equals(name)))
                        .orElse(true);
        if (!isNamed) {
            context.add(
                    auth.spanOf(OutLoginKeys.TOKENS),
                    Codes.VALUE,
                    "there is no section of these `tokens`",
                    "it begins with [tokens." + auth.get(OutLoginKeys.TOKENS).orElse("") + "]");
        }
    }

    private void tokens(Table tokens) {
        if (!tokens.has(TokenKeys.ENDPOINT)) {
            context.missing(tokens, TokenKeys.ENDPOINT, "it says who is asked");
        }
        if (!tokens.has(TokenKeys.CLIENT_ID)) {
            context.missing(tokens, TokenKeys.CLIENT_ID, "it says who asks");
        }
        if (!tokens.has(TokenKeys.CLIENT_SECRET) && !tokens.has(TokenKeys.REFRESH_TOKEN)) {
            context.missing(tokens, TokenKeys.CLIENT_SECRET, "or a `refresh_token`, or both");
        }
    }
}
