package org.posthouse;

import org.posthouse.core.Mailbox;
import org.posthouse.policy.IpNetwork;
import org.posthouse.server.Discard;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.ServerLimits;
import org.posthouse.sim.SimNetwork;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws configurations and questions, and answers them a second time: from the manual's sentences,
 * on plain text, without any code of the decision.
 */
final class RandomRules {
    private static final long OCTETS_MAX = 5000;
    private static final String[] DOMAINS = {"a.x", "b.x", "c.a.x", "far.y"};
    private static final String[] NAMES = {"ada", "Bob", "a%b", "postmaster", "list"};
    private static final String[] CLIENTS = {"10.0.0.1", "10.9.0.1", "203.0.113.9", "127.0.0.1"};
    private static final String[] NETWORKS = {"10.0.0.0/16", "10.0.0.0/8", "127.0.0.0/8"};
    private static final String[] PATTERNS = {"*", "*@a.x", "*@*.x", "ada@b.x"};
    private static final String[] LOGINS = {"", "", "ada@a.x", "bob", "mallory"};

    private final Random random;

    RandomRules(long seed) {
        random = new Random(seed);
    }

    /** A listener in words. */
    record Door(String name, int port, String tls, String auth) {}

    /** A rule in words; a list that is null is no condition. */
    record Rule(
            String name,
            boolean hasClients,
            Set<String> clients,
            boolean auth,
            boolean hasSenders,
            Set<String> senders,
            boolean own) {}

    /** A route in words. */
    record Way(String name, Set<String> to, boolean refuses) {}

    /** A configuration, twice. */
    record Drawn(
            PosthouseBuilder builder,
            List<Door> doors,
            Set<String> local,
            Set<String> relayed,
            Set<String> known,
            Map<String, List<String>> aliases,
            List<Rule> rules,
            List<Way> ways,
            String discards) {}

    /** A session in words. */
    record Question(Drawn drawn, Door listener, Ask ask, List<String> commands, String oracle) {
        @Override
        public String toString() {
            return ask
                    + " "
                    + listener
                    + " "
                    + drawn.rules()
                    + drawn.ways()
                    + drawn.local()
                    + drawn.relayed()
                    + drawn.known()
                    + drawn.aliases()
                    + drawn.discards();
        }
    }

    static InetSocketAddress address(Door door) {
        return SimNetwork.socket("192.0.2.1", door.port());
    }

    Drawn configuration() {
        List<Door> doors = new ArrayList<>();
        boolean certificate = random.nextInt(5) > 0;
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            String tls = certificate ? any("off", "offer", "require", "implicit") : "off";
            String auth = tls.equals("off") ? "off" : any("off", "optional", "required");
            doors.add(new Door("door" + i, 25 + i, tls, auth));
        }
        Set<String> local = some(DOMAINS);
        Set<String> relayed = some(DOMAINS);
        relayed.removeAll(local);
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            rules.add(rule("rule" + i));
        }
        List<Way> ways = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            ways.add(new Way("way" + i, some(PATTERNS), random.nextInt(4) == 0));
        }
        ways.removeIf(way -> way.to().isEmpty());
        if (ways.isEmpty() || random.nextBoolean()) {
            ways.add(new Way("default", Set.of("*"), false));
        }
        Map<String, List<String>> aliases =
                random.nextInt(3) == 0 && !local.isEmpty()
                        ? Map.of(
                                "list@" + local.iterator().next(),
                                List.of("ada@" + any(DOMAINS), "Bob@" + any(DOMAINS)))
                        : Map.of();
        var drawn =
                new Drawn(
                        Posthouse.builder(),
                        doors,
                        local,
                        relayed,
                        some(NAMES),
                        aliases,
                        rules,
                        ways,
                        random.nextInt(8) == 0 ? any("STARTTLS", "AUTH", "SMTPUTF8") : "");
        fill(drawn, certificate);
        return drawn;
    }

    private Rule rule(String name) {
        boolean auth = random.nextInt(3) == 0;
        boolean hasClients = !auth || random.nextBoolean();
        boolean hasSenders = random.nextBoolean();
        boolean own = auth && random.nextBoolean();
        return new Rule(name, hasClients, some(NETWORKS), auth, hasSenders, some(PATTERNS), own);
    }

    private static void fill(Drawn drawn, boolean certificate) {
        PosthouseBuilder builder = drawn.builder();
        builder.hostname("mx.example").limits(limits());
        if (certificate) {
            builder.certificate(Path.of("/chain.pem"), Path.of("/key.pem"));
        }
        for (Door door : drawn.doors()) {
            builder.listen(
                    address(door),
                    to ->
                            to.name(door.name())
                                    .lockout(1_000_000, Duration.ofMinutes(1))
                                    .refusesEarlyTalk(false)
                                    .tls(Tls.valueOf(door.tls().toUpperCase(Locale.ROOT)))
                                    .auth(Auth.valueOf(door.auth().toUpperCase(Locale.ROOT))));
        }
        builder.local(drawn.local().toArray(String[]::new));
        builder.relayed(drawn.relayed().toArray(String[]::new));
        builder.recipients(mailbox -> drawn.known().contains(mailbox.localPart()));
        if (!drawn.aliases().isEmpty()) {
            builder.aliases(
                    address ->
                            drawn.aliases().getOrDefault(address.address(), List.of()).stream()
                                    .map(Mailbox::parse)
                                    .toList());
        }
        builder.users(Users.of(Map.of("ada@a.x", "secret", "bob", "secret")));
        drawn.rules().forEach(rule -> builder.relay(to -> fill(rule, to)));
        for (Way way : drawn.ways()) {
            builder.route(
                    to -> {
                        to.name(way.name()).to(way.to().toArray(String[]::new));
                        if (way.refuses()) {
                            to.refuse("not there");
                        }
                    });
        }
        if (!drawn.discards().isEmpty()) {
            IpNetwork everybody = IpNetwork.parse("10.0.0.0/8");
            builder.discard(new Discard(List.of(everybody), List.of(drawn.discards())));
        }
    }

    private static ServerLimits limits() {
        return ServerLimits.builder().messageOctetsMax(OCTETS_MAX).build();
    }

    private static void fill(Rule rule, RelayRuleBuilder to) {
        to.name(rule.name());
        if (rule.hasClients()) {
            to.clients(rule.clients().toArray(String[]::new));
        }
        if (rule.auth()) {
            to.auth();
        }
        if (rule.own()) {
            to.authAsOwn();
        }
        if (rule.hasSenders()) {
            to.senders(rule.senders().toArray(String[]::new));
        }
    }

    Question question(Drawn drawn) {
        Door door = drawn.doors().get(random.nextInt(drawn.doors().size()));
        String from = random.nextInt(6) == 0 ? "" : any(NAMES) + "@" + any(DOMAINS);
        String to = any(NAMES) + "@" + any(DOMAINS);
        to = random.nextInt(30) == 0 ? any("no address", "@a.x", "a@b@c.x") : to;
        Ask ask =
                Ask.from(from)
                        .to(to)
                        .client(any(CLIENTS))
                        .login(any(LOGINS))
                        .helo("client.example")
                        .size(random.nextInt(8) == 0 ? OCTETS_MAX - 1 + random.nextInt(4) : 0)
                        .listener(door.name());
        Ask secured = random.nextBoolean() ? ask.overTls() : ask;
        return new Question(
                drawn, door, secured, commands(door, secured), new Oracle(drawn, door).of(secured));
    }

    private static List<String> commands(Door door, Ask ask) {
        List<String> commands = new ArrayList<>();
        commands.add("EHLO client.example");
        boolean secures = ask.tls() || !ask.login().isEmpty();
        if (secures && !door.tls().equals("implicit")) {
            commands.add("STARTTLS");
            commands.add("EHLO client.example");
        }
        if (!ask.login().isEmpty()) {
            commands.add(ExplainPropertyTest.plain(ask.login(), "secret"));
        }
        String size = ask.octets() > 0 ? " SIZE=" + ask.octets() : "";
        commands.add("MAIL FROM:<" + ask.from() + ">" + size);
        commands.add("RCPT TO:<" + ask.to() + ">");
        return commands;
    }

    /** The manual, read naively. */
    private record Oracle(Drawn drawn, Door door) {
        String of(Ask ask) {
            boolean logsIn = !ask.login().isEmpty();
            boolean isFar = !ask.client().toString().startsWith("10.");
            boolean secured = door.tls().equals("implicit");
            if ((ask.tls() || logsIn) && !secured) {
                if (door.tls().equals("off")) {
                    return "STARTTLS 502 5.5.1";
                }
                if (!isFar && drawn.discards().equals("STARTTLS")) {
                    return "STARTTLS 502 5.5.1";
                }
                secured = true;
            }
            if (logsIn) {
                boolean isTold = isFar || !drawn.discards().equals("AUTH");
                if (!isBeforeTls(secured) && (door.auth().equals("off") || !isTold)) {
                    return "AUTH 502 5.5.1";
                }
                if (ask.login().equals("mallory")) {
                    return "AUTH 535 5.7.8";
                }
            }
            if (isBeforeTls(secured) || (door.auth().equals("required") && !logsIn)) {
                return "MAIL 530 5.7.0";
            }
            if (ask.octets() > OCTETS_MAX) {
                return "MAIL 552 5.3.4";
            }
            return recipient(ask);
        }

        private boolean isBeforeTls(boolean secured) {
            return door.tls().equals("require") && !secured;
        }

        private String recipient(Ask ask) {
            String to = ask.to();
            if (to.equals("no address") || to.startsWith("@") || to.equals("a@b@c.x")) {
                return "RCPT 501 5.1.3";
            }
            String name = to.substring(0, to.indexOf('@'));
            String domain = to.substring(to.indexOf('@') + 1);
            boolean granted = drawn.rules().stream().anyMatch(rule -> holds(rule, ask));
            if (!ask.login().isEmpty() && !granted && isForged(ask)) {
                return "RCPT 553 5.7.1";
            }
            boolean known = name.equals("postmaster") || drawn.known().contains(name);
            if (drawn.local().contains(domain)) {
                boolean takes = drawn.aliases().containsKey(to) ? leads(to) : known;
                return takes ? "RCPT 250" : "RCPT 550 5.1.1";
            }
            boolean relayed = drawn.relayed().contains(domain);
            if (relayed && !known) {
                return "RCPT 550 5.1.1";
            }
            if (!(relayed && !name.contains("%")) && !granted) {
                return "RCPT 553 5.7.1";
            }
            return isRouted(to) ? "RCPT 250" : "RCPT 550 5.7.1";
        }

        /** An alias with somebody behind it who takes mail. */
        private boolean leads(String to) {
            return drawn.aliases().get(to).stream().anyMatch(this::takes);
        }

        private boolean takes(String address) {
            String domain = address.substring(address.indexOf('@') + 1);
            boolean known = drawn.known().contains(address.substring(0, address.indexOf('@')));
            if (drawn.local().contains(domain)) {
                return known;
            }
            return (!drawn.relayed().contains(domain) || known) && isRouted(address);
        }

        private boolean isRouted(String to) {
            return drawn.ways().stream()
                    .filter(way -> way.to().stream().anyMatch(p -> fits(p, to)))
                    .findFirst()
                    .filter(way -> !way.refuses())
                    .isPresent();
        }

        private boolean holds(Rule rule, Ask ask) {
            return others(rule, ask) && (!rule.own() || isOwn(ask));
        }

        /** A rule only lacks that the reverse-path is the login's. */
        private boolean isForged(Ask ask) {
            return drawn.rules().stream()
                    .anyMatch(rule -> rule.own() && others(rule, ask) && !isOwn(ask));
        }

        private static boolean isOwn(Ask ask) {
            return ask.from().isEmpty() || ask.from().equals(ask.login());
        }

        private static boolean others(Rule rule, Ask ask) {
            String client = ask.client().toString();
            boolean inside =
                    rule.clients().stream()
                            .anyMatch(
                                    network ->
                                            switch (network) {
                                                case "10.0.0.0/16" -> client.startsWith("10.0.");
                                                case "10.0.0.0/8" -> client.startsWith("10.");
                                                default -> client.startsWith("127.");
                                            });
            boolean sends = rule.senders().stream().anyMatch(p -> fits(p, ask.from()));
            return (!rule.hasClients() || inside)
                    && (!rule.auth() || !ask.login().isEmpty())
                    && (!rule.hasSenders() || sends);
        }

        private static boolean fits(String pattern, String address) {
            return switch (pattern) {
                case "*" -> true;
                case "*@a.x" -> address.endsWith("@a.x");
                case "*@*.x" -> address.matches(".*@.*\\.x");
                default -> address.equals("ada@b.x");
            };
        }
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Set<String> some(String... choices) {
        Set<String> some = new TreeSet<>();
        for (String choice : choices) {
            if (random.nextBoolean()) {
                some.add(choice);
            }
        }
        return some;
    }
}
