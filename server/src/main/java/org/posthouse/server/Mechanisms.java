package org.posthouse.server;

import org.posthouse.core.ScramKeys;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.TlsFacts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The mechanisms of a listener: which are offered, and how an exchange of each begins. */
final class Mechanisms {
    private static final int KEY_OCTETS = 32;
    private static final int SALT_OCTETS = 16;
    private static final int NONCE_OCTETS = 18;

    private final Supplier<ListenerSettings> settings;
    private final GuardedPolicy policy;
    private final Entropy entropy;

    /** Makes the salts of logins that do not exist. */
    private final byte[] nobodysKey;

    Mechanisms(Supplier<ListenerSettings> settings, GuardedPolicy policy, Entropy entropy) {
        this.settings = settings;
        this.policy = policy;
        this.entropy = entropy;
        byte[] seed = policy.saltSeed();
        this.nobodysKey = seed.length > 0 ? seed : random(KEY_OCTETS);
    }

    /** Those that are offered now: logins may come and go. */
    List<Mechanism> offered() {
        List<Mechanism> known = policy.mechanisms();
        return settings.get().mechanisms().stream().filter(known::contains).toList();
    }

    /** Begins an exchange; nothing when the mechanism is not offered. */
    Optional<SaslExchange> exchange(String word, SessionView session) {
        return offered().stream()
                .filter(mechanism -> mechanism.word().equals(word))
                .findFirst()
                .map(mechanism -> exchange(mechanism, session));
    }

    private SaslExchange exchange(Mechanism mechanism, SessionView session) {
        return switch (mechanism) {
            case PLAIN -> new PlainExchange();
            case LOGIN -> new LoginExchange();
            case CRAM_MD5 ->
                    new CramMd5Exchange(
                            "<" + nonce() + "@" + settings.get().hostname() + ">",
                            login -> policy.password(session, login));
            case OAUTHBEARER -> new TokenExchange(true);
            case XOAUTH2 -> new TokenExchange(false);
            case SCRAM_SHA_256 -> scram(false, session);
            case SCRAM_SHA_256_PLUS -> scram(true, session);
        };
    }

    private SaslExchange scram(boolean isPlus, SessionView session) {
        return new ScramExchange(
                isPlus,
                offered().contains(Mechanism.SCRAM_SHA_256_PLUS),
                session.tls().flatMap(TlsFacts::own).map(TlsFacts::endPoint).orElse(new byte[0]),
                nonce(),
                login ->
                        policy.scramSecret(session, login)
                                .orElseGet(() -> ScramSecret.ofNobody(nobodysSalt(login))));
    }

    private byte[] nobodysSalt(String login) {
        byte[] name = login.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(ScramKeys.hmac(nobodysKey, name), SALT_OCTETS);
    }

    private String nonce() {
        return Base64.getEncoder().withoutPadding().encodeToString(random(NONCE_OCTETS));
    }

    private byte[] random(int octets) {
        byte[] random = new byte[octets];
        entropy.fill(random);
        return random;
    }
}
