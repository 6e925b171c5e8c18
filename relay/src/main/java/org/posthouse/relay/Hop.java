package org.posthouse.relay;

import org.posthouse.core.Reply;
import org.posthouse.policy.Route;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where recipients of one delivery go next. */
sealed interface Hop {
    /**
     * Names the site that it belongs to: the unit of connections and of the circuit. Of a domain it
     * is the one where its exchangers are looked up; {@link RollUp} knows where they lead.
     */
    String site();

    /** Of two hops of one site: they share its connections. */
    default boolean sharesWith(Hop other) {
        return equals(other);
    }

    /** Into the local store. */
    record Store() implements Hop {
        static final Store HERE = new Store();

        @Override
        public String site() {
            return "store";
        }
    }

    /** To the exchangers of a domain. */
    record Exchange(String site, String domain, Route.Mx via) implements Hop {
        /** Two domains with the same exchangers are as good as one. */
        @Override
        public boolean sharesWith(Hop other) {
            return other instanceof Exchange exchange && via.equals(exchange.via());
        }

        /**
         * Names the site of these exchangers, the same for all domains of the route that have them,
         * and that ask for the same proofs of them: what is safe enough for one is for the other.
         * By preference, equal ones in the order of their names; {@code ?} marks those that a
         * policy does not name.
         */
        String siteOf(List<Exchangers.Host> hosts) {
            var ranks = new TreeMap<Integer, TreeSet<String>>();
            for (Exchangers.Host host : hosts) {
                ranks.computeIfAbsent(host.preference(), rank -> new TreeSet<>()).add(marked(host));
            }
            String route = site.substring(0, site.length() - domain.length());
            return ranks.values().stream()
                    .map(names -> String.join(",", names))
                    .collect(Collectors.joining(" ", route + "{", "}" + proofs(hosts)));
        }

        private static String marked(Exchangers.Host host) {
            return switch (host.published().sts()) {
                case UNLISTED, UNLISTED_FOR_TEST -> host.name() + "?";
                case NONE, LISTED, LISTED_FOR_TEST -> host.name();
            };
        }

        private static String proofs(List<Exchangers.Host> hosts) {
            boolean isSigned = hosts.stream().anyMatch(each -> each.published().isSigned());
            String policy =
                    switch (hosts.getFirst().published().sts()) {
                        case NONE -> "";
                        case LISTED, UNLISTED -> " mta-sts";
                        case LISTED_FOR_TEST, UNLISTED_FOR_TEST -> " mta-sts testing";
                    };
            return (isSigned ? " dnssec" : "") + policy;
        }
    }

    /** To the hosts of a route. */
    record Fixed(String site, Route.Fixed via) implements Hop {}

    /** Nowhere: the answer is known without an attempt. 2yz for mail that is thrown away. */
    record Nowhere(Reply reply) implements Hop {
        @Override
        public String site() {
            return "";
        }
    }
}
