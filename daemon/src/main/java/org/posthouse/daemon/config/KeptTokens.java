package org.posthouse.daemon.config;

import org.posthouse.core.AccessTokens;
import org.posthouse.jwt.HttpTokenEndpoint;
import org.posthouse.jwt.OAuthTokens;
import org.posthouse.jwt.TokenRequest;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.TimeSource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tokens of this process, by what is asked for: a configuration that is read again goes on with
 * those it had, since a server may have given another refresh token in the place of the file's.
 */
final class KeptTokens {
    /** Of configurations that are long gone the oldest are forgotten. */
    private static final int MAX = 1000;

    private static final KeptTokens OF_THIS_PROCESS = new KeptTokens();

    private final Map<TokenRequest, AccessTokens> tokens = new LinkedHashMap<>(16, 0.75f, true);

    private final ReentrantLock lock = new ReentrantLock();

    private KeptTokens() {}

    static AccessTokens of(TokenRequest request) {
        return OF_THIS_PROCESS.get(request);
    }

    private AccessTokens get(TokenRequest request) {
        lock.lock();
        try {
            AccessTokens known = tokens.computeIfAbsent(request, KeptTokens::fresh);
            if (tokens.size() > MAX) {
                tokens.remove(tokens.keySet().iterator().next());
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private static AccessTokens fresh(TokenRequest request) {
        TimeSource time = JdkPlatform.clocks();
        return OAuthTokens.of(time, request, HttpTokenEndpoint.of(time));
    }
}
