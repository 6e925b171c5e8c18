package org.posthouse.daemon.config;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.daemon.config.OutboundKeys.Way;
import org.posthouse.platform.DnsSettings;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine is to be made of, or all that is wrong with it. */
public sealed interface Configuration {
    /** The port without a configuration. */
    int STANDARD_PORT = 2525;

    /**
     * Reads a file and all that it names.
     *
     * @param machine our name where the file gives none
     */
    static Configuration load(Path file, Map<String, String> environment, String machine) {
        Loaded loaded = Loaded.load(file, environment);
        return loaded.errors() == 0 ? Binding.bind(loaded, machine) : new Bad(loaded.report());
    }

    /** The same, to be run: the file's own tests hold, and no rule is a trap where we are. */
    static Configuration loadToRun(Path file, Surroundings around) {
        Configuration read = load(file, around.environment(), around.machine());
        return read instanceof Good good ? good.judged(around) : read;
    }

    /** The data folder that a file names, whatever else is wrong with it. */
    static Path dataOf(Path file, Map<String, String> environment) {
        return Binding.data(Loaded.load(file, environment).file());
    }

    /**
     * Without a file: the loopback address, mail for localhost and this machine's name, nothing
     * relayed.
     */
    static Configuration standard(String machine) {
        Path data = Path.of("posthouse-data");
        var local = List.copyOf(new LinkedHashSet<>(List.of("localhost", machine)));
        PosthouseBuilder builder =
                Posthouse.builder()
                        .hostname(machine)
                        .data(data)
                        .listen(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), STANDARD_PORT),
                                listener -> listener.name("smtp"));
        local.forEach(builder::local);
        return new Good(
                builder,
                data,
                Optional.empty(),
                new Summary(1, local, List.of(), List.of(), 0, "./" + data.resolve("mail")),
                Optional.empty());
    }

    /**
     * Fine.
     *
     * @param data folder for spool and store
     * @param users the users' file; empty when none is named
     * @param written what it was read from; empty without a file
     */
    record Good(
            PosthouseBuilder builder,
            Path data,
            Optional<Path> users,
            Summary summary,
            Optional<Written> written)
            implements Configuration {
        private Configuration judged(Surroundings around) {
            if (written.isEmpty()) {
                return this;
            }
            String report = written.get().judge(builder, around);
            return report.isEmpty() ? this : new Bad(report);
        }

        /** The certificate chains that the file names. */
        public List<Path> certificates() {
            return written.map(Written::certificates).orElse(List.of());
        }

        /** The ports that the file listens on, by the name of the listener. */
        public Map<String, InetSocketAddress> ports() {
            return written.map(Written::ports).orElse(Map.of());
        }

        /**
         * Our name, and whose mail comes here.
         *
         * @param machine our name where the file gives none
         */
        public String hostname(String machine) {
            return written.map(it -> it.hostname(machine)).orElse(machine);
        }

        /** Mail leaves by a host of somebody else's. */
        public boolean usesSmarthost() {
            return written.map(Written::usesSmarthost).orElse(false);
        }

        /** Whom to ask. */
        public DnsSettings dns() {
            return written.map(Written::dns).orElseGet(DnsSettings::system);
        }

        /** What those that watch over a daemon are told, and where; empty: nothing. */
        public Optional<Watch> watch() {
            return written.flatMap(Written::watch);
        }

        /** The log is JSON. */
        public boolean logsJson() {
            return written.map(Written::logsJson).orElse(false);
        }

        /** What it was read from says; without a file, nothing. */
        public Settings settings() {
            return written.map(Written::settings).orElseGet(Settings::ofModel);
        }

        /** How many tests stand in the file. */
        public int tests() {
            return written.map(Written::tests).orElse(0);
        }
    }

    /**
     * Metrics and health.
     *
     * @param bind where they are told
     * @param destinations domains that are counted by name
     * @param top so many more
     */
    record Watch(InetSocketAddress bind, List<String> destinations, int top) {}

    /** The file behind a configuration. */
    final class Written {
        private static final long TOP = 20;

        private final Loaded loaded;

        Written(Loaded loaded) {
            this.loaded = loaded;
        }

        private List<Path> certificates() {
            var chains = new ArrayList<Path>();
            loaded.file().one(Model.TLS).get(Model.CERTIFICATE).ifPresent(chains::add);
            for (Table more : loaded.file().all(Model.MORE_CERTIFICATES)) {
                more.get(Model.CERTIFICATE).ifPresent(chains::add);
            }
            for (Table route : loaded.file().all(OutboundKeys.ROUTE)) {
                route.get(OutboundKeys.CERTIFICATE)
                        .filter(chain -> !chains.contains(chain))
                        .ifPresent(chains::add);
            }
            return chains;
        }

        private Map<String, InetSocketAddress> ports() {
            var ports = new LinkedHashMap<String, InetSocketAddress>();
            for (Table listener : loaded.file().all(Model.LISTENER)) {
                listener.get(Model.BIND)
                        .filter(Bind.Port.class::isInstance)
                        .map(bind -> ((Bind.Port) bind).address())
                        .ifPresent(address -> ports.put(listener.name(), address));
            }
            return ports;
        }

        private String hostname(String machine) {
            return loaded.file().one(Model.ROOT).get(Model.HOSTNAME).orElse(machine);
        }

        private boolean usesSmarthost() {
            return loaded.file().all(OutboundKeys.ROUTE).stream()
                    .anyMatch(
                            route ->
                                    route.get(OutboundKeys.VIA).orElse(Way.MX) == Way.SMARTHOST
                                            && route.get(OutboundKeys.TO)
                                                    .orElse(List.of("*"))
                                                    .contains("*"));
        }

        private DnsSettings dns() {
            Table dns = loaded.file().one(Model.DNS);
            return new DnsSettings(
                    dns.get(Model.SERVERS).orElse(List.of()),
                    dns.get(Model.DNS_TIMEOUT).orElse(DnsSettings.TIMEOUT),
                    DnsSettings.CACHE_ENTRIES_MAX,
                    dns.get(Model.DNSSEC).orElse(DnsSettings.Dnssec.LOOPBACK));
        }

        private Optional<Watch> watch() {
            Table metrics = loaded.file().one(WatchKeys.METRICS);
            List<String> named = metrics.get(WatchKeys.DESTINATIONS).orElse(List.of());
            int top = metrics.get(WatchKeys.TOP).orElse(TOP).intValue();
            return metrics.get(WatchKeys.BIND).map(bind -> new Watch(bind, named, top));
        }

        private boolean logsJson() {
            return loaded.file().one(WatchKeys.LOG).get(WatchKeys.FORMAT).orElse(false);
        }

        private Settings settings() {
            return Settings.of(loaded);
        }

        private int tests() {
            return loaded.file().all(ExpectKeys.EXPECT).size();
        }

        private String judge(PosthouseBuilder builder, Surroundings around) {
            GatewayCheck.run(loaded.file(), around.gateways());
            Expectations.run(loaded, builder);
            return loaded.reportAgain();
        }
    }

    /**
     * Wrong.
     *
     * @param report all that is wrong, as people read it
     */
    record Bad(String report) implements Configuration {}

    /**
     * A configuration in a few words.
     *
     * @param listeners how many
     * @param local domains
     * @param relayed domains
     * @param rules names of the relay rules
     * @param routes how many
     * @param store where local mail ends up
     */
    record Summary(
            int listeners,
            List<String> local,
            List<String> relayed,
            List<String> rules,
            int routes,
            String store) {
        /** What becomes of mail. */
        public String fate() {
            var text = new StringBuilder();
            text.append(
                    local.isEmpty()
                            ? "no domain is local"
                            : "mail for " + some(local) + " ends up in " + store);
            text.append(relayed.isEmpty() ? "" : "; mail for " + some(relayed) + " is passed on");
            text.append(
                    rules.isEmpty()
                            ? "; nothing else is relayed"
                            : "; relayed to the outside by " + some(rules));
            return text.toString();
        }

        /** How many of what. */
        public String counts() {
            return count(listeners, "listener")
                    + ", "
                    + count(rules.size(), "relay rule")
                    + ", "
                    + count(routes, "route");
        }

        private static String count(int number, String noun) {
            return number + " " + noun + (number == 1 ? "" : "s");
        }

        private static String some(List<String> names) {
            int shown = 3;
            String text = String.join(", ", names.subList(0, Math.min(shown, names.size())));
            return names.size() > shown ? text + " and " + (names.size() - shown) + " more" : text;
        }
    }
}
