package org.posthouse.client;

import org.posthouse.core.Saslprep;
import org.posthouse.core.ScramKeys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * SCRAM-SHA-256 and -PLUS (RFC 5802, RFC 7677).
 *
 * <pre>
 *   C: gs2-header n=USER,r=CNONCE           gs2-header: n,, or y,, or p=tls-server-end-point,,
 *   S: r=CNONCE SNONCE,s=SALT,i=ROUNDS
 *   C: c=BINDING,r=CNONCE SNONCE,p=PROOF    BINDING: gs2-header and, for -PLUS, the certificate's hash
 *   S: v=SIGNATURE                          checked: the host knows the password, too
 *   C: (nothing)
 * </pre>
 */
final class ScramClient implements SaslClient {
    /** RFC 7677 section 4: fewer would help who listens in to try passwords. */
    static final int ROUNDS_MIN = 4096;

    /** More would keep us busy. */
    static final int ROUNDS_MAX = 1_000_000;

    private static final int SALT_OCTETS_MAX = 1024;

    private enum State {
        BEGUN,
        NAMED,
        PROVED,
        COMPLETE
    }

    private final String secret;
    private final String nonce;
    private final String gs2Header;
    private final byte[] binding;
    private final String bare;
    private byte[] expected = new byte[0];
    private State state = State.BEGUN;

    /**
     * Begins.
     *
     * @param nonce random
     * @param binding how it is bound to the connection
     */
    ScramClient(Login.Password login, String nonce, Binding binding) {
        secret = login.secret();
        this.nonce = nonce;
        gs2Header = binding.header();
        this.binding = binding.octets();
        String user = Saslprep.prepare(login.user()).orElse(login.user());
        bare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    /**
     * How a login is bound to its TLS connection.
     *
     * @param header tells the host
     * @param octets the certificate's hash; empty where it is not bound
     */
    record Binding(String header, byte[] octets) {
        /** We can't. */
        static final Binding NONE = new Binding("n,,", new byte[0]);

        /** We could, and the host did not offer it: if it did, somebody between us took it away. */
        static final Binding NOT_OFFERED = new Binding("y,,", new byte[0]);

        static Binding of(byte[] endPoint) {
            return new Binding("p=tls-server-end-point,,", endPoint);
        }
    }

    @Override
    public boolean isFirst() {
        return true;
    }

    @Override
    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    @Override
    public byte[] answer(byte[] challenge) throws Broken {
        String text = new String(challenge, StandardCharsets.UTF_8);
        return switch (state) {
            case BEGUN -> {
                state = State.NAMED;
                yield SaslClient.octets(gs2Header + bare);
            }
            case NAMED -> prove(text);
            case PROVED -> check(text);
            case COMPLETE -> throw new Broken("it asks for more than SCRAM has");
        };
    }

    private byte[] prove(String serverFirst) throws Broken {
        String[] parts = serverFirst.split(",", -1);
        boolean fits =
                parts.length >= 3
                        && parts[0].startsWith("r=" + nonce)
                        && parts[0].length() > nonce.length() + 2
                        && parts[1].startsWith("s=")
                        && parts[2].startsWith("i=");
        if (!fits) {
            throw new Broken("its first words are not those of SCRAM");
        }
        ScramKeys keys = ScramKeys.of(secret, salt(parts[1]), rounds(parts[2]));
        String withoutProof = "c=" + bound() + "," + parts[0];
        byte[] message = SaslClient.octets(bare + "," + serverFirst + "," + withoutProof);
        byte[] proof = keys.client();
        byte[] signature = ScramKeys.hmac(ScramKeys.hash(keys.client()), message);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= signature[i];
        }
        expected = ScramKeys.hmac(keys.server(), message);
        state = State.PROVED;
        String last = withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
        return SaslClient.octets(last);
    }

    private byte[] check(String serverFinal) throws Broken {
        String signature = serverFinal.split(",", 2)[0];
        if (!signature.startsWith("v=")
                || !MessageDigest.isEqual(expected, decoded(signature.substring(2)))) {
            throw new Broken("it did not prove that it knows the password");
        }
        state = State.COMPLETE;
        return new byte[0];
    }

    private String bound() {
        byte[] header = SaslClient.octets(gs2Header);
        var bound = new byte[header.length + binding.length];
        System.arraycopy(header, 0, bound, 0, header.length);
        System.arraycopy(binding, 0, bound, header.length, binding.length);
        return Base64.getEncoder().encodeToString(bound);
    }

    private static byte[] salt(String part) throws Broken {
        byte[] salt = decoded(part.substring(2));
        if (salt.length == 0 || salt.length > SALT_OCTETS_MAX) {
            throw new Broken("its salt is none");
        }
        return salt;
    }

    private static int rounds(String part) throws Broken {
        int rounds = 0;
        for (int i = 2; i < part.length(); i++) {
            int digit = part.charAt(i) - '0';
            if (digit < 0 || digit > 9 || rounds > ROUNDS_MAX) {
                throw new Broken("its number of rounds is none");
            }
            rounds = rounds * 10 + digit;
        }
        if (rounds < ROUNDS_MIN || rounds > ROUNDS_MAX) {
            throw new Broken(
                    "it wants %d rounds, not %d to %d".formatted(rounds, ROUNDS_MIN, ROUNDS_MAX));
        }
        return rounds;
    }

    private static byte[] decoded(String text) throws Broken {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Broken("what it said is not in base 64");
        }
    }
}
