package org.posthouse.daemon;

import org.posthouse.platform.Entropy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A certificate for a host name that nobody vouches for, with its key (EC, P-256): TLS before there
 * is one of a CA. The JDK has no public way to make one; its few DER values (X.690) are written
 * here.
 *
 * @param chain in PEM
 * @param key in PEM, PKCS #8
 */
record SelfSigned(String chain, String key) {
    /** What clients take at most, with days to spare. */
    private static final Duration VALID = Duration.ofDays(800);

    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT = 0x06;
    private static final int UTF8 = 0x0c;
    private static final int TIME_GENERALIZED = 0x18;
    private static final int TIME_UTC = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int DNS_NAME = 0x82;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;

    private static final int UTC_YEARS_END = 2050;
    private static final int COMMON_NAME_MAX = 64;
    private static final int SERIAL_OCTETS = 16;
    private static final int SHORT_FORM_MAX = 127;
    private static final int OCTET_MAX = 255;
    private static final int ONE_OCTET = 0x81;
    private static final int TWO_OCTETS = 0x82;

    /** ecdsa-with-SHA256 (RFC 5758). */
    private static final String ECDSA = "2a8648ce3d040302";

    private static final String COMMON_NAME = "550403";
    private static final String ALTERNATIVE_NAMES = "551d11";

    /** Makes one. */
    static SelfSigned make(String host, Instant now, Entropy entropy) {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
            pairs.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = pairs.generateKeyPair();
            byte[] body = body(host, now, entropy, pair.getPublic().getEncoded());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            byte[] whole =
                    der(
                            SEQUENCE,
                            body,
                            algorithm(),
                            der(BIT_STRING, new byte[1], signature.sign()));
            return new SelfSigned(
                    pem("CERTIFICATE", whole), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no elliptic curves", e);
        }
    }

    /** What is signed (RFC 5280 section 4.1). */
    private static byte[] body(String host, Instant now, Entropy entropy, byte[] publicKey) {
        var serial = new byte[SERIAL_OCTETS];
        entropy.fill(serial);
        serial[0] = 1; // positive, and as short as can be
        byte[] common = host.length() <= COMMON_NAME_MAX ? ascii(host) : ascii("posthouse");
        byte[] part = der(SEQUENCE, object(COMMON_NAME), der(UTF8, common));
        byte[] name = der(SEQUENCE, der(SET, part));
        byte[] validity = der(SEQUENCE, time(now.minus(CLOCKS_DIFFER)), time(now.plus(VALID)));
        byte[] names = der(SEQUENCE, der(DNS_NAME, ascii(host)));
        byte[] extension = der(SEQUENCE, object(ALTERNATIVE_NAMES), der(OCTET_STRING, names));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, serial),
                algorithm(),
                name,
                validity,
                name,
                publicKey,
                der(EXTENSIONS, der(SEQUENCE, extension)));
    }

    private static byte[] algorithm() {
        return der(SEQUENCE, object(ECDSA));
    }

    private static byte[] object(String hex) {
        return der(OBJECT, HexFormat.of().parseHex(hex));
    }

    /** From 2050 on the century is written, before it is not (RFC 5280 section 4.1.2.5). */
    private static byte[] time(Instant at) {
        String text = TIME.format(at);
        boolean isLong = at.atOffset(ZoneOffset.UTC).getYear() >= UTC_YEARS_END;
        return isLong
                ? der(TIME_GENERALIZED, ascii(text))
                : der(TIME_UTC, ascii(text.substring(2)));
    }

    /** A value with its tag and its length, which has to be as short as can be. */
    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > OCTET_MAX) {
            out.write(TWO_OCTETS);
            out.write(length >> 8);
        } else if (length > SHORT_FORM_MAX) {
            out.write(ONE_OCTET);
        }
        out.write(length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String pem(String label, byte[] octets) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label);
    }
}
