package org.posthouse.jwt;

import com.nimbusds.jose.util.JSONObjectUtils;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.AccessTokens;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Access tokens from an authorization server (RFC 6749), got by client credentials or a refresh
 * token. A token is kept until a minute before its end. Whoever wants one while another thread asks
 * for it waits for the same answer; what failed is not asked again for a while, doubling from five
 * seconds to a minute, so that a server in trouble is left alone.
 *
 * <p>A new refresh token that comes with an answer is used from then on, in memory only: where the
 * server gives each only once, the one in the settings is of no use after a restart.
 *
 * @since 0.1
 */
public final class OAuthTokens implements AccessTokens {
    /** Before its end a token is not used any more: a login takes its time. */
    private static final Duration EARLY = Duration.ofMinutes(1);

    /** Where the server does not say. */
    private static final Duration LIFE = Duration.ofMinutes(5);

    private static final Duration LIFE_MAX = Duration.ofDays(1);
    private static final Duration PAUSE_FIRST = Duration.ofSeconds(5);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
    private static final int OK = 200;
    private static final int WHY_CHARACTERS_MAX = 200;

    private final TimeSource time;
    private final TokenEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();

    /** Guarded by the lock, as are those below. */
    private TokenRequest request;

    private @Nullable String token;
    private long goodUntilNanos;
    private boolean asking;
    private String failure = "";
    private long pausedUntilNanos;
    private Duration pause = PAUSE_FIRST;

    private OAuthTokens(TimeSource time, TokenRequest request, TokenEndpoint endpoint) {
        this.time = time;
        this.request = request;
        this.endpoint = endpoint;
    }

    /** Tokens for a request, from where it is answered. */
    public static OAuthTokens of(TimeSource time, TokenRequest request, TokenEndpoint endpoint) {
        return new OAuthTokens(time, request, endpoint);
    }

    @Override
    public Given token(String refused) {
        TokenRequest toAsk;
        lock.lock();
        try {
            boolean waited = false;
            while (asking) {
                answered.await();
                waited = true;
            }
            String kept = token;
            boolean isInTime = goodUntilNanos - time.nanos() > 0;
            if (kept != null && isInTime && !kept.equals(refused)) {
                return new Given.Token(kept, false);
            }
            if (!failure.isEmpty() && (waited || pausedUntilNanos - time.nanos() > 0)) {
                return new Given.None(failure);
            }
            asking = true;
            toAsk = request;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Given.None("the attempt was cut");
        } finally {
            lock.unlock();
        }
        return ask(toAsk);
    }

    private Given ask(TokenRequest toAsk) {
        Given given = new Given.None("what asks for them broke");
        try {
            given = read(endpoint.post(toAsk.endpoint(), toAsk.form()), toAsk);
        } catch (IOException e) {
            given = none(toAsk, String.valueOf(e.getMessage()));
        } finally {
            end(given);
        }
        return given;
    }

    private void end(Given given) {
        lock.lock();
        try {
            asking = false;
            switch (given) {
                case Given.Token good -> {
                    failure = "";
                    pause = PAUSE_FIRST;
                }
                case Given.None none -> {
                    token = null;
                    failure = none.why();
                    pausedUntilNanos = time.nanos() + pause.toNanos();
                    Duration twice = pause.multipliedBy(2);
                    pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
                }
            }
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Given read(TokenEndpoint.Answer answer, TokenRequest asked) {
        Map<String, Object> members;
        try {
            members = JSONObjectUtils.parse(answer.body());
        } catch (ParseException e) {
            return none(asked, "answered " + answer.status() + " without a JSON object");
        }
        if (answer.status() != OK) {
            return none(asked, "answered " + answer.status() + said(members));
        }
        Object kind = members.get("token_type");
        if (!"bearer".equalsIgnoreCase(String.valueOf(kind))) {
            return none(asked, "gave no bearer token");
        }
        try {
            var fresh = new Given.Token(String.valueOf(members.get("access_token")), true);
            if (members.get("access_token") instanceof String) {
                keep(fresh.value(), lifeOf(members), members.get("refresh_token"));
                return fresh;
            }
        } catch (IllegalArgumentException e) {
            // as one that is not there
        }
        return none(asked, "gave no access token");
    }

    private void keep(String value, Duration life, @Nullable Object refreshToken) {
        lock.lock();
        try {
            token = value;
            goodUntilNanos = time.nanos() + life.toNanos();
            if (refreshToken instanceof String text && !text.isEmpty()) {
                request = request.refreshedBy(text);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A token that ends soon is used for half of its time. */
    private static Duration lifeOf(Map<String, Object> members) {
        Duration life = LIFE;
        if (members.get("expires_in") instanceof Number seconds) {
            long bounded = Math.clamp(seconds.longValue(), 0, LIFE_MAX.toSeconds());
            life = Duration.ofSeconds(bounded);
        }
        Duration less = life.minus(EARLY);
        return less.compareTo(EARLY) > 0 ? less : life.dividedBy(2);
    }

    /** RFC 6749 section 5.2. */
    private static String said(Map<String, Object> members) {
        Object error = members.get("error");
        Object description = members.get("error_description");
        return (error == null ? "" : " " + error) + (description == null ? "" : ": " + description);
    }

    private static Given none(TokenRequest asked, String why) {
        String text = asked.endpoint().getHost() + " " + why;
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return new Given.None(clean.substring(0, Math.min(clean.length(), WHY_CHARACTERS_MAX)));
    }

    @Override
    public String toString() {
        return "OAuthTokens";
    }
}
