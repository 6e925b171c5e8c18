package org.posthouse.platform;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Octets in text (RFC 7468), and private keys in their older forms. */
final class PemText {
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xa0; // [0] of an ECPrivateKey
    private static final int KEY_OCTETS_MAX = 0xffff;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    /** rsaEncryption with NULL (RFC 8017 appendix A.1). */
    private static final byte[] RSA = {
        SEQUENCE, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    /** id-ecPublicKey (RFC 5480 section 2.1.1). */
    private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private PemText() {}

    /** What stands between the lines BEGIN and END of a kind, each time. */
    static List<byte[]> blocks(String text, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        List<byte[]> blocks = new ArrayList<>();
        int from = text.indexOf(begin);
        while (from >= 0) {
            int to = text.indexOf(end, from);
            if (to < 0) {
                throw new IllegalArgumentException("the line " + end + " is missing");
            }
            try {
                String base64 = text.substring(from + begin.length(), to);
                blocks.add(Base64.getMimeDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("damaged text after " + begin, e);
            }
            from = text.indexOf(begin, to);
        }
        return blocks;
    }

    /** The PKCS#8 form (RFC 5208) of an RSA key in PKCS#1 form (RFC 8017 appendix A.1.2). */
    static byte[] rsaAsPkcs8(byte[] pkcs1) {
        return pkcs8(RSA, pkcs1);
    }

    /** The PKCS#8 form of an elliptic curve's key (RFC 5915), which must name its curve. */
    static byte[] ecAsPkcs8(byte[] sec1) {
        byte[] curve =
                curve(sec1)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "the private key does not name its curve;"
                                                        + " convert it with: openssl pkcs8 -topk8"
                                                        + " -nocrypt -in KEY"));
        return pkcs8(tagged(SEQUENCE, EC, curve), sec1);
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return tagged(SEQUENCE, VERSION_0, algorithm, tagged(OCTET_STRING, key));
    }

    /** What stands under [0] in SEQUENCE { version, privateKey, [0] curve, … }. */
    private static Optional<byte[]> curve(byte[] sec1) {
        ByteBuffer sequence = element(ByteBuffer.wrap(sec1), SEQUENCE);
        element(sequence, INTEGER);
        element(sequence, OCTET_STRING);
        if (!sequence.hasRemaining() || (sequence.get(sequence.position()) & 0xff) != CURVE) {
            return Optional.empty();
        }
        ByteBuffer content = element(sequence, CURVE);
        byte[] curve = new byte[content.remaining()];
        content.get(curve);
        return Optional.of(curve);
    }

    /** Takes the next element off and gives its content. */
    private static ByteBuffer element(ByteBuffer from, int tag) {
        if (from.remaining() < 2 || (from.get() & 0xff) != tag) {
            throw new IllegalArgumentException("the private key is damaged");
        }
        int length = from.get() & 0xff;
        if (length > 0x80) {
            int octets = length - 0x80;
            length = 0;
            for (int i = 0; i < octets && from.hasRemaining() && length <= KEY_OCTETS_MAX; i++) {
                length = (length << 8) | (from.get() & 0xff);
            }
        }
        if (length > from.remaining()) {
            throw new IllegalArgumentException("the private key is cut short");
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        if (length > KEY_OCTETS_MAX) {
            throw new IllegalArgumentException("the private key is too long");
        }
        ByteBuffer out = ByteBuffer.allocate(length + 4).put((byte) tag);
        if (length < 0x80) {
            out.put((byte) length);
        } else if (length < 0x100) {
            out.put((byte) 0x81).put((byte) length);
        } else {
            out.put((byte) 0x82).putShort((short) length);
        }
        for (byte[] part : parts) {
            out.put(part);
        }
        byte[] element = new byte[out.position()];
        out.flip().get(element);
        return element;
    }
}
