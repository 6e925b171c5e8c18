package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Network;
import org.posthouse.policy.IpNetwork;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/** A server with one listener in a simulated world. */
final class Stage {
    static final InetSocketAddress ADDRESS = SimNetwork.socket("192.0.2.25", 25);

    final SimPlatform sim = new SimPlatform(7);
    final MemoryIntake intake = new MemoryIntake();
    final List<MailEvent> events = new ArrayList<>();
    final ListenerSettings settings;
    final SmtpServer server;

    Stage(Map<String, String> settings) {
        this(settings, new TestPolicy(settings.containsKey("tokens")));
    }

    Stage(Map<String, String> settings, long memoryOctets) {
        this(settings, new TestPolicy(), memoryOctets);
    }

    Stage(Map<String, String> settings, SessionPolicy policy) {
        this(settings, policy, Long.MAX_VALUE);
    }

    private Stage(Map<String, String> settings, SessionPolicy policy, long memoryOctets) {
        sim.memoryOctetsMax(memoryOctets);
        this.settings = settings(settings);
        this.intake.mode =
                MemoryIntake.Mode.valueOf(
                        settings.getOrDefault("intake", "accept")
                                .toUpperCase(Locale.ROOT)
                                .replace('-', '_'));
        this.server = new SmtpServer(sim, List.of(this.settings), policy, intake, events::add);
    }

    Connection connect() throws IOException {
        return sim.network()
                .connect(ADDRESS, Network.ANY_SOURCE, sim.time().after(Duration.ofSeconds(10)));
    }

    <T extends MailEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static ListenerSettings settings(Map<String, String> settings) {
        var tls = ListenerSettings.Tls.valueOf(word(settings, "tls", "off"));
        Supplier<SSLContext> context =
                settings.containsKey("certificate")
                        ? () -> {
                            throw new IllegalStateException("the file is gone");
                        }
                        : Stage::context;
        return ListenerSettings.builder("public", ADDRESS, "mx.example")
                .protocol(ListenerSettings.Protocol.valueOf(word(settings, "protocol", "smtp")))
                .completionDomain(settings.getOrDefault("complete", ""))
                .tls(tls)
                .tlsContext(context)
                .auth(ListenerSettings.Auth.valueOf(word(settings, "auth", "off")))
                .lockout(
                        new Lockout(
                                number(settings, "lockout", 10),
                                Duration.ofMinutes(10),
                                settings.containsKey("spares-loopback")))
                .limits(limits(settings))
                .discards(
                        settings.containsKey("discard")
                                ? List.of(
                                        new Discard(
                                                List.of(IpNetwork.parse("0.0.0.0/0")),
                                                List.of(settings.get("discard").split(","))))
                                : List.of())
                .refusesEarlyTalk(word(settings, "early", "refuse").equals("REFUSE"))
                .needsHello(word(settings, "hello", "required").equals("REQUIRED"))
                .greetingPause(Duration.ofSeconds(number(settings, "pause", 0)))
                .receivedField(word(settings, "received", "off").equals("ON"))
                .frontEnds(
                        settings.containsKey("xclient")
                                ? List.of(IpNetwork.parse(settings.get("xclient")))
                                : List.of())
                .proxies(
                        settings.containsKey("proxy")
                                ? List.of(IpNetwork.parse(settings.get("proxy")))
                                : List.of())
                .content(content(settings))
                .build();
    }

    private static ContentRules content(Map<String, String> settings) {
        return new ContentRules(
                ContentRules.BareLineEnds.valueOf(word(settings, "bare", "normalise")),
                word(settings, "nul", "accept").equals("REFUSE"),
                word(settings, "eight-bit", "accept").equals("REFUSE"),
                word(settings, "binary", "off").equals("ON"));
    }

    private static ServerLimits limits(Map<String, String> settings) {
        ServerLimits limits = ServerLimits.DEFAULT;
        return ServerLimits.builder()
                .messageOctetsMax(number(settings, "size", 1_000_000))
                .recipientsMax(number(settings, "recipients", limits.recipientsMax()))
                .connectionsMax(number(settings, "connections", limits.connectionsMax()))
                .connectionsPerClientMax(
                        number(settings, "per-client", limits.connectionsPerClientMax()))
                .connectionsPerMinute(number(settings, "connections-per-minute", 0))
                .messagesPerMinute(number(settings, "messages-per-minute", 0))
                .recipientsPerMinute(number(settings, "recipients-per-minute", 0))
                .errorsMax(number(settings, "errors", limits.errorsMax()))
                .transactionsMax(number(settings, "transactions", limits.transactionsMax()))
                .headerOctetsMax(number(settings, "header", limits.headerOctetsMax()))
                .receivedFieldsMax(number(settings, "hops", limits.receivedFieldsMax()))
                .clientsExempt(
                        settings.containsKey("exempt")
                                ? List.of(IpNetwork.parse(settings.get("exempt")))
                                : List.of())
                .build();
    }

    private static int number(Map<String, String> settings, String key, int otherwise) {
        return Integer.parseInt(settings.getOrDefault(key, Integer.toString(otherwise)));
    }

    private static String word(Map<String, String> settings, String key, String otherwise) {
        return settings.getOrDefault(key, otherwise).toUpperCase(Locale.ROOT);
    }

    private static SSLContext context() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
