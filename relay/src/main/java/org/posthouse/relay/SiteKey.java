package org.posthouse.relay;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the key of a site tells: the one place that reads what {@link Router} and {@link Hop} write.
 *
 * <p>{@code mx ROUTE DOMAIN}, or where the exchangers are known {@code mx ROUTE {HOST,HOST HOST}},
 * by preference, with a {@code ?} behind hosts that a policy does not name, and the proofs behind
 * the brace ({@code dnssec}, {@code mta-sts}, {@code mta-sts testing}); {@code route ROUTE}; {@code
 * via HOST:PORT}; {@code store}. A route with several sources has {@code from SOURCE} behind its
 * name. Before all of it stands {@code waived} for mail that waives what is published about TLS.
 *
 * @param route empty where none is named
 * @param source empty where the route has one only
 * @param hosts by preference, without marks; empty where the key does not tell them
 * @param target the domain of an {@code mx} without hosts, the host of a {@code via}, {@code store}
 */
record SiteKey(String route, String source, List<List<String>> hosts, String target) {
    static final String WAIVED = "waived ";
    static final String MX = "mx ";
    static final String ROUTE = "route ";
    static final String VIA = "via ";
    static final String FROM = " from ";

    private static final Pattern LOCATED =
            Pattern.compile(
                    "mx (.*) \\{([^{}]*)}(?: dnssec)?(?: mta-sts(?: testing)?)?", Pattern.DOTALL);

    static SiteKey of(String written) {
        String key = stripped(written);
        Matcher located = LOCATED.matcher(key);
        if (located.matches()) {
            return by(located.group(1), ranks(located.group(2)), "");
        }
        if (key.startsWith(MX)) {
            int at = key.lastIndexOf(' ');
            String path = key.substring(MX.length(), Math.max(at, MX.length()));
            return by(path, List.of(), key.substring(at + 1));
        }
        if (key.startsWith(ROUTE)) {
            return by(key.substring(ROUTE.length()), List.of(), "");
        }
        boolean isVia = key.startsWith(VIA);
        return new SiteKey("", "", List.of(), isVia ? key.substring(VIA.length()) : key);
    }

    /** Without what says that it is that of mail which waives. */
    static String stripped(String key) {
        return key.startsWith(WAIVED) ? key.substring(WAIVED.length()) : key;
    }

    /** The last {@code from} is the source's: see {@link #path}. */
    private static SiteKey by(String path, List<List<String>> hosts, String target) {
        int at = path.lastIndexOf(FROM);
        return at < 0
                ? new SiteKey(path, "", hosts, target)
                : new SiteKey(
                        path.substring(0, at), path.substring(at + FROM.length()), hosts, target);
    }

    private static List<List<String>> ranks(String hosts) {
        return Arrays.stream(hosts.replace("?", "").split(" "))
                .map(rank -> List.of(rank.split(",")))
                .toList();
    }

    /**
     * A route by one of its sources: each of several is a path of its own, with its own connections
     * and circuit. A route whose own name has a {@code from} always names its source, so that the
     * last one is never the route's.
     */
    static String path(String route, String source, int sources) {
        return sources == 1 && !route.contains(FROM) ? route : route + FROM + source;
    }
}
