package org.posthouse.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of one login by one mechanism (RFC 4422). Used once. */
interface SaslClient {
    /** The host did not keep to the mechanism, or is not the one that knows the password. */
    final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        Broken(String why) {
            super(why);
        }
    }

    /** True when the first words are ours. */
    boolean isFirst();

    /** The answer to a challenge; the first one, which may be empty, where {@link #isFirst}. */
    byte[] answer(byte[] challenge) throws Broken;

    /** True when a positive reply may come now: the host has proved what it had to. */
    default boolean isComplete() {
        return true;
    }

    /** RFC 4616. */
    static SaslClient plain(String user, String secret) {
        return once(octets("\0" + user + "\0" + secret));
    }

    /** Of Google and Microsoft; a refusal comes as a challenge, which has to be answered. */
    static SaslClient xoauth2(String user, String token) {
        return words(octets("user=" + user + "\1auth=Bearer " + token + "\1\1"), new byte[0]);
    }

    /** RFC 7628; a refusal comes as a challenge, which has to be answered. */
    static SaslClient bearer(String user, String token, String host, int port) {
        String name = user.replace("=", "=3D").replace(",", "=2C");
        return words(
                octets(
                        "n,a=%s,\1host=%s\1port=%d\1auth=Bearer %s\1\1"
                                .formatted(name, host, port, token)),
                new byte[] {1});
    }

    /** Never standardised: the host asks for one, then for the other. */
    static SaslClient login(String user, String secret) {
        return asked(octets(user), octets(secret));
    }

    /** RFC 2195. */
    static SaslClient cramMd5(String user, String secret) {
        return new SaslClient() {
            @Override
            public boolean isFirst() {
                return false;
            }

            @Override
            public byte[] answer(byte[] challenge) {
                try {
                    Mac mac = Mac.getInstance("HmacMD5");
                    mac.init(new SecretKeySpec(octets(secret), "HmacMD5"));
                    String digest = HexFormat.of().formatHex(mac.doFinal(challenge));
                    return octets(user + " " + digest);
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("every Java has HmacMD5", e);
                }
            }
        };
    }

    private static SaslClient once(byte[] words) {
        return new Said(true, words);
    }

    private static SaslClient words(byte[]... words) {
        return new Said(true, words);
    }

    private static SaslClient asked(byte[]... words) {
        return new Said(false, words);
    }

    /** Says given words, one after the other. */
    final class Said implements SaslClient {
        private final boolean first;
        private final byte[][] words;
        private int at;

        private Said(boolean first, byte[]... words) {
            this.first = first;
            this.words = words;
        }

        @Override
        public boolean isFirst() {
            return first;
        }

        @Override
        public byte[] answer(byte[] challenge) throws Broken {
            if (at >= words.length) {
                throw new Broken("it asks for more than the mechanism has");
            }
            return words[at++];
        }
    }

    /** UTF-8. */
    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
