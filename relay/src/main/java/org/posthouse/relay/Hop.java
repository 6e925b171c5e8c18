package org.posthouse.relay;

import org.posthouse.core.Reply;
import org.posthouse.policy.Route;

import java.util.List;

/** Where recipients of one delivery go next. Equal hops share their connections. */
sealed interface Hop {
    /** Names the site that it belongs to: the unit of connections and of the circuit. */
    String site();

    /** Into the local store. */
    record Store() implements Hop {
        static final Store HERE = new Store();

        @Override
        public String site() {
            return "store";
        }
    }

    /** To the exchangers of a domain. */
    record Exchange(String site, String domain, Route.Mx via) implements Hop {}

    /** To fixed hosts. */
    record Fixed(String site, List<Route.HostPort> hosts, Route.Hop settings) implements Hop {}

    /** Nowhere: the answer is known without an attempt. 2yz for mail that is thrown away. */
    record Nowhere(Reply reply) implements Hop {
        @Override
        public String site() {
            return "";
        }
    }
}
