package org.posthouse.platform;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Octets in text (RFC 7468). */
final class PemText {
    /** SEQUENCE of the algorithm rsaEncryption and NULL (RFC 8017 appendix A.1). */
    private static final byte[] RSA = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        1,
        1,
        1,
        5,
        0
    };

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;

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
            String base64 = text.substring(from + begin.length(), to);
            try {
                blocks.add(Base64.getMimeDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("damaged after " + begin, e);
            }
            from = text.indexOf(begin, to);
        }
        return blocks;
    }

    /** The PKCS#8 form (RFC 5208) of an RSA key in PKCS#1 form. */
    static byte[] rsaAsPkcs8(byte[] pkcs1) {
        byte[] key = tagged(OCTET_STRING, pkcs1);
        return tagged(
                SEQUENCE,
                ByteBuffer.allocate(VERSION_0.length + RSA.length + key.length)
                        .put(VERSION_0)
                        .put(RSA)
                        .put(key)
                        .array());
    }

    /** Tag, length in the two-octet long form, content. */
    private static byte[] tagged(int tag, byte[] content) {
        if (content.length > 0xffff) {
            throw new IllegalArgumentException("the private key is too long");
        }
        if (content.length < 0x100) {
            throw new IllegalArgumentException("the private key is too short");
        }
        return ByteBuffer.allocate(4 + content.length)
                .put((byte) tag)
                .put((byte) 0x82)
                .putShort((short) content.length)
                .put(content)
                .array();
    }
}
