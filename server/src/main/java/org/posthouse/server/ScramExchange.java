package org.posthouse.server;

import org.posthouse.core.Saslprep;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * SCRAM-SHA-256 and -PLUS (RFC 5802, RFC 7677).
 *
 * <pre>
 *   C: gs2-header n=LOGIN,r=CNONCE          gs2-header: n,, or y,, or p=tls-server-end-point,,
 *   S: r=CNONCE SNONCE,s=SALT,i=ROUNDS
 *   C: c=BINDING,r=CNONCE SNONCE,p=PROOF    BINDING: gs2-header and, for -PLUS, the certificate's hash
 *   S: v=SIGNATURE
 *   C: (nothing)
 * </pre>
 *
 * <p>Nobody acts for somebody else here: an authorization identity other than the login itself is
 * refused. A login that does not exist is asked like any other, with a salt that is always the same
 * for it, and found wrong at the end.
 */
final class ScramExchange implements SaslExchange {
    private static final String BINDING_TYPE = "tls-server-end-point";
    private static final int NONCE_OCTETS_MAX = 256;

    private final boolean isPlus;
    private final boolean isPlusOffered;
    private final byte[] binding;
    private final String serverNonce;
    private final Function<String, ScramSecret> secrets;
    private State state = new State.Begun();

    /** Where it stands. */
    private sealed interface State {
        /** Nothing was said. */
        record Begun() implements State {}

        /** The client has named itself. */
        record Asked(Hello hello, ScramSecret secret, String serverFirst) implements State {}

        /** The client has proved itself, and was shown the same of us. */
        record Proved(String login) implements State {}
    }

    /** The first message of the client. */
    private record Hello(String gs2Header, String bare, String login, String nonce) {}

    /**
     * Begins.
     *
     * @param isPlus the mechanism is -PLUS
     * @param isPlusOffered -PLUS was offered: a client that could have taken it and did not know of
     *     it was lied to
     * @param binding the hash of our certificate; empty without TLS
     * @param serverNonce random
     * @param secrets what is kept of a login, or of nobody
     */
    ScramExchange(
            boolean isPlus,
            boolean isPlusOffered,
            byte[] binding,
            String serverNonce,
            Function<String, ScramSecret> secrets) {
        this.isPlus = isPlus;
        this.isPlusOffered = isPlusOffered;
        this.binding = binding;
        this.serverNonce = serverNonce;
        this.secrets = secrets;
    }

    @Override
    public Step begin() {
        return new Step.Challenge(new byte[0]);
    }

    @Override
    public Step answer(byte[] response) {
        Optional<String> text = Utf8.decode(response, 0, response.length);
        if (text.isEmpty() || text.get().indexOf('\0') >= 0) {
            return new Step.Broken();
        }
        return switch (state) {
            case State.Begun b -> first(text.get());
            case State.Asked a -> last(a, text.get());
            case State.Proved p ->
                    text.get().isEmpty() ? new Step.Proved(p.login()) : new Step.Broken();
        };
    }

    private Step first(String text) {
        String[] parts = text.split(",", 4);
        if (parts.length < 4) {
            return new Step.Broken();
        }
        String flag = parts[0];
        boolean wantsBinding = flag.startsWith("p=");
        if (!wantsBinding && !flag.equals("n") && !flag.equals("y")) {
            return new Step.Broken();
        }
        Optional<Hello> hello = hello(parts);
        if (hello.isEmpty()) {
            return new Step.Broken();
        }
        boolean isDowngraded = flag.equals("y") && isPlusOffered;
        boolean isOtherType = wantsBinding && !flag.equals("p=" + BINDING_TYPE);
        if (wantsBinding != isPlus
                || isDowngraded
                || isOtherType
                || !isOwn(parts[1], hello.get())) {
            return new Step.Refused(hello.get().login());
        }
        return ask(hello.get());
    }

    private Step ask(Hello hello) {
        ScramSecret secret = secrets.apply(hello.login());
        String serverFirst =
                "r="
                        + hello.nonce()
                        + serverNonce
                        + ",s="
                        + Base64.getEncoder().encodeToString(secret.salt())
                        + ",i="
                        + secret.rounds();
        state = new State.Asked(hello, secret, serverFirst);
        return new Step.Challenge(octets(serverFirst));
    }

    /** The rest of the first message: {@code n=…,r=…}, and extensions, which may be ignored. */
    private static Optional<Hello> hello(String[] parts) {
        String gs2Header = parts[0] + "," + parts[1] + ",";
        String bare = parts[2] + "," + parts[3];
        String nonce = parts[3].split(",", 2)[0];
        if (!parts[2].startsWith("n=") || !nonce.startsWith("r=") || !isNonce(nonce.substring(2))) {
            return Optional.empty();
        }
        return Saslprep.name(parts[2].substring(2))
                .map(login -> new Hello(gs2Header, bare, login, nonce.substring(2)));
    }

    private static boolean isNonce(String nonce) {
        return !nonce.isEmpty()
                && nonce.length() <= NONCE_OCTETS_MAX
                && nonce.chars().allMatch(c -> c > ' ' && c < 127 && c != ',');
    }

    private static boolean isOwn(String authzid, Hello hello) {
        return authzid.isEmpty()
                || (authzid.startsWith("a=")
                        && Saslprep.name(authzid.substring(2))
                                .filter(hello.login()::equals)
                                .isPresent());
    }

    private Step last(State.Asked asked, String text) {
        int at = text.lastIndexOf(",p=");
        if (at < 0) {
            return new Step.Broken();
        }
        String withoutProof = text.substring(0, at);
        Optional<byte[]> proof = decode(text.substring(at + 3));
        String[] parts = withoutProof.split(",", -1);
        if (proof.isEmpty() || parts.length < 2 || !parts[0].startsWith("c=")) {
            return new Step.Broken();
        }
        Hello hello = asked.hello();
        boolean isBound = parts[0].substring(2).equals(expectedBinding(hello));
        boolean isOurs = parts[1].equals("r=" + hello.nonce() + serverNonce);
        byte[] authMessage = octets(hello.bare() + "," + asked.serverFirst() + "," + withoutProof);
        if (!isBound || !isOurs || !isProved(asked.secret(), authMessage, proof.get())) {
            return new Step.Refused(hello.login());
        }
        state = new State.Proved(hello.login());
        byte[] signature = asked.secret().serverSignature(authMessage);
        return new Step.Challenge(octets("v=" + Base64.getEncoder().encodeToString(signature)));
    }

    private String expectedBinding(Hello hello) {
        byte[] header = octets(hello.gs2Header());
        byte[] bound = new byte[header.length + (isPlus ? binding.length : 0)];
        System.arraycopy(header, 0, bound, 0, header.length);
        System.arraycopy(binding, 0, bound, header.length, bound.length - header.length);
        return Base64.getEncoder().encodeToString(bound);
    }

    private static boolean isProved(ScramSecret secret, byte[] authMessage, byte[] proof) {
        byte[] clientKey = secret.clientSignature(authMessage);
        if (proof.length != clientKey.length) {
            return false;
        }
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] ^= proof[i];
        }
        return secret.isOfClientKey(clientKey);
    }

    private static Optional<byte[]> decode(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
