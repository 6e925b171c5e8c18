package org.posthouse.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** CRAM-MD5 (RFC 2195): {@code LOGIN SPACE HEX}, the HMAC of our challenge by the password. */
final class CramMd5Exchange implements SaslExchange {
    private static final String MAC = "HmacMD5";

    private final String challenge;
    private final Function<String, Optional<String>> passwords;

    CramMd5Exchange(String challenge, Function<String, Optional<String>> passwords) {
        this.challenge = challenge;
        this.passwords = passwords;
    }

    @Override
    public Step begin() {
        return new Step.Challenge(challenge.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean takesInitialResponse() {
        return false;
    }

    @Override
    public Step answer(byte[] response) {
        Optional<String> text = Utf8.decode(response, 0, response.length);
        int space = text.map(t -> t.lastIndexOf(' ')).orElse(-1);
        if (text.isEmpty() || space < 1) {
            return new Step.Broken();
        }
        String login = text.get().substring(0, space);
        String digest = text.get().substring(space + 1);
        Optional<String> password = passwords.apply(login);
        byte[] expected = octets(hmac(password.orElse("nobody's")));
        boolean isRight = MessageDigest.isEqual(expected, octets(digest)) && password.isPresent();
        return isRight ? new Step.Proved(login) : new Step.Refused(login);
    }

    private String hmac(String password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(octets(password), MAC));
            return HexFormat.of().formatHex(mac.doFinal(octets(challenge)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
