package org.posthouse.daemon.config;

import org.posthouse.HostBuilder;
import org.posthouse.RouteBuilder;
import org.posthouse.core.AccessTokens;
import org.posthouse.core.SaslMechanism;
import org.posthouse.daemon.config.OutboundKeys.Way;
import org.posthouse.jwt.TokenRequest;
import org.posthouse.policy.WarmUp;

import java.net.URI;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Fills the builders of routes. */
final class RouteBinding {
    private final ConfigFile file;

    RouteBinding(ConfigFile file) {
        this.file = file;
    }

    private static WarmUp warmUp(Table source) {
        return source.get(SourceKeys.WARM_UP_SINCE)
                .map(
                        day ->
                                new WarmUp(
                                        day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                                        source.get(SourceKeys.WARM_UP_FIRST_DAY)
                                                .orElse((long) WarmUp.USUAL_FIRST_DAY)
                                                .intValue(),
                                        source.get(SourceKeys.WARM_UP_DOUBLES)
                                                .orElse(WarmUp.USUAL_DOUBLING)))
                .orElse(WarmUp.NONE);
    }

    void bind(Table route, RouteBuilder to) {
        route.get(OutboundKeys.ROUTE_NAME).ifPresent(to::name);
        route.get(OutboundKeys.TO).ifPresent(patterns -> to.to(patterns.toArray(String[]::new)));
        route.get(OutboundKeys.FROM)
                .ifPresent(patterns -> to.from(patterns.toArray(String[]::new)));
        route.get(OutboundKeys.LOGIN).ifPresent(logins -> to.login(logins.toArray(String[]::new)));
        route.get(SourceKeys.SOURCE)
                .ifPresent(addresses -> to.source(addresses.toArray(String[]::new)));
        route.get(SourceKeys.HELO).ifPresent(to::helo);
        for (Table source : route.get(SourceKeys.SOURCES).orElse(List.of())) {
            to.source(
                    source.get(SourceKeys.HELO).orElse(""),
                    source.get(SourceKeys.WEIGHT).orElse(1L).intValue(),
                    warmUp(source),
                    source.get(SourceKeys.SOURCE).orElse(List.of()).toArray(String[]::new));
        }
        route.get(OutboundKeys.PORT).ifPresent(port -> to.port(port.intValue()));
        route.get(OutboundKeys.ROUTE_TLS).ifPresent(to::tls);
        route.get(OutboundKeys.INTERNAL).filter(on -> on).ifPresent(on -> to.internal());
        route.get(OutboundKeys.STREAMING).ifPresent(to::streaming);
        route.get(OutboundKeys.MAX_CONNECTIONS)
                .ifPresent(most -> to.maxConnections(most.intValue()));
        route.get(OutboundKeys.MESSAGES_PER_MINUTE)
                .ifPresent(most -> to.messagesPerMinute(most.intValue()));
        route.get(OutboundKeys.AUTH)
                .ifPresent(
                        auth -> {
                            password(auth).ifPresent(word -> to.auth(user(auth), word, how(auth)));
                            tokens(auth).ifPresent(given -> to.auth(user(auth), given, how(auth)));
                        });
        route.get(OutboundKeys.CERTIFICATE)
                .ifPresent(
                        chain ->
                                route.get(Model.CERTIFICATE_KEY)
                                        .ifPresent(key -> to.certificate(chain, key)));
        switch (route.get(OutboundKeys.VIA).orElse(Way.MX)) {
            case MX -> to.mx();
            case SMARTHOST -> {
                route.get(OutboundKeys.HOST).ifPresent(to::smarthost);
                hosts(route).forEach(host -> to.smarthost(at(host), each -> host(host, each)));
            }
            case LMTP -> {
                route.get(OutboundKeys.HOST).ifPresent(to::lmtp);
                hosts(route).forEach(host -> to.lmtp(at(host), each -> host(host, each)));
            }
            case STORE -> to.store();
            case DISCARD -> to.discard();
            case REFUSE -> to.refuse("mail for this address is not accepted here");
        }
    }

    private static List<Table> hosts(Table route) {
        return route.get(OutboundKeys.HOSTS).orElse(List.of());
    }

    private static String at(Table host) {
        return host.get(HostKeys.HOST).orElseThrow();
    }

    private void host(Table host, HostBuilder to) {
        host.get(HostKeys.ORDER).map(Long::intValue).ifPresent(to::order);
        host.get(HostKeys.WEIGHT).map(Long::intValue).ifPresent(to::weight);
        host.get(HostKeys.TLS).ifPresent(to::tls);
        host.get(HostKeys.AUTH)
                .ifPresent(
                        auth -> {
                            password(auth).ifPresent(word -> to.auth(user(auth), word, how(auth)));
                            tokens(auth).ifPresent(given -> to.auth(user(auth), given, how(auth)));
                        });
    }

    private static String user(Table auth) {
        return auth.get(OutLoginKeys.USER).orElseThrow();
    }

    private static SaslMechanism how(Table auth) {
        return auth.get(OutLoginKeys.MECHANISM).orElse(SaslMechanism.AUTO);
    }

    private static Optional<String> password(Table auth) {
        return auth.get(OutLoginKeys.PASSWORD);
    }

    /** Routes with the same tokens share them. */
    private Optional<AccessTokens> tokens(Table auth) {
        return auth.get(OutLoginKeys.TOKENS).map(this::tokens);
    }

    private AccessTokens tokens(String name) {
        Table given =
                file.all(TokenKeys.TOKENS).stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        URI endpoint = URI.create(given.get(TokenKeys.ENDPOINT).orElseThrow());
        String client = given.get(TokenKeys.CLIENT_ID).orElseThrow();
        String secret = given.get(TokenKeys.CLIENT_SECRET).orElse("");
        String scope = given.get(TokenKeys.SCOPE).orElse("");
        TokenRequest request =
                given.get(TokenKeys.REFRESH_TOKEN)
                        .map(
                                refresh ->
                                        TokenRequest.byRefreshToken(
                                                endpoint, client, secret, refresh, scope))
                        .orElseGet(
                                () ->
                                        TokenRequest.byClientCredentials(
                                                endpoint, client, secret, scope));
        return KeptTokens.of(request);
    }
}
