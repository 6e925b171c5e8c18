package org.posthouse.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;

/**
 * The public keys of an issuer: a JSON Web Key Set (RFC 7517), at most 1 MiB.
 *
 * @since 0.1
 */
public final class KeySet {
    static final int OCTETS_MAX = 1 << 20;
    private static final int TIMEOUT_MS = 5000;

    /** Keys that were good go on being so while the issuer can't be reached. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final JWKSource<SecurityContext> source;

    private KeySet(JWKSource<SecurityContext> source) {
        this.source = source;
    }

    /**
     * Keys in a file, which is read again when it has changed; what is wrong then leaves the keys
     * that were there.
     *
     * @throws IOException when it can't be read
     * @throws IllegalArgumentException when it is no key set, or an empty one
     */
    public static KeySet inFile(Path file) throws IOException {
        return new KeySet(new KeysInFile(file));
    }

    /**
     * Keys behind an address, asked for at the first token, every five minutes, and for a key that
     * is not known, but then once in 30 seconds. Five seconds for each of two tries; while it can't
     * be reached, the keys that were there hold for four hours.
     *
     * @param address {@code https}; or {@code http} of this machine
     * @throws IllegalArgumentException for any other
     */
    public static KeySet at(URI address) {
        String scheme = String.valueOf(address.getScheme());
        String host = String.valueOf(address.getHost());
        boolean isLocal = scheme.equals("http") && LOOPBACK.contains(host);
        if (address.getHost() == null || !(scheme.equals("https") || isLocal)) {
            throw new IllegalArgumentException("no https address with a host: " + address);
        }
        try {
            var retriever = new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, OCTETS_MAX);
            return new KeySet(
                    JWKSourceBuilder.create(address.toURL(), retriever)
                            .refreshAheadCache(false)
                            .retrying(true)
                            .outageTolerant(OUTAGE.toMillis())
                            .build());
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no https address: " + address, e);
        }
    }

    /** Parses a key set that has keys. */
    static JWKSet parse(String text) {
        try {
            JWKSet keys = JWKSet.parse(text);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("there is no key in it");
            }
            return keys;
        } catch (ParseException e) {
            throw new IllegalArgumentException("no JSON Web Key Set: " + e.getMessage(), e);
        }
    }

    JWKSource<SecurityContext> source() {
        return source;
    }
}
