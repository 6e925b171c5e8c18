package org.posthouse.daemon;

import java.util.Locale;

/** Versions of TLS and groups of its ciphers as tags of metrics: a bounded number. */
final class TlsNames {
    private static final String OTHER = "other";

    private TlsNames() {}

    /** Of a version as {@link javax.net.ssl.SSLSession#getProtocol} has it; empty: failed. */
    static String version(String protocol) {
        return switch (protocol) {
            case "" -> "failed";
            case "TLSv1.3" -> "1.3";
            case "TLSv1.2" -> "1.2";
            default -> OTHER;
        };
    }

    /** By what the suite encrypts with; empty: none. */
    static String cipher(String suite) {
        String name = suite.toUpperCase(Locale.ROOT);
        if (name.isEmpty()) {
            return "none";
        }
        if (name.contains("CHACHA20")) {
            return "chacha20";
        }
        boolean isAes = name.contains("AES");
        return isAes && name.contains("GCM") ? "aes-gcm" : isAes ? "aes-cbc" : OTHER;
    }
}
