package org.posthouse.platform;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/**
 * Why a handshake failed, for people who read logs and reports. The JDK tells it by a chain of
 * exceptions and the names of its own classes; its deepest link that is about a certificate counts.
 */
final class TlsWords {
    private static final int CAUSES_MAX = 10;

    private TlsWords() {}

    /** For a handshake with a host; {@code host} is its name as it was asked for. */
    static String of(Throwable failure, String host) {
        String words = String.valueOf(failure.getMessage());
        Throwable each = failure;
        for (int i = 0; i < CAUSES_MAX && each != null; i++) {
            String own = own(each, host);
            words = own.isEmpty() ? words : own;
            each = each.getCause();
        }
        return words;
    }

    /** What one link tells of a certificate; empty: nothing. */
    private static String own(Throwable failure, String host) {
        return switch (failure) {
            case CertificateExpiredException e -> "the certificate has expired";
            case CertificateNotYetValidException e -> "the certificate is not valid yet";
            case CertPathBuilderException e ->
                    "the certificate is not trusted: no authority that we know has issued it";
            case CertPathValidatorException e -> invalid(e);
            case CertificateException e ->
                    isOfName(String.valueOf(e.getMessage()))
                            ? "the certificate is for another name than " + host
                            : "";
            default -> "";
        };
    }

    private static String invalid(CertPathValidatorException failure) {
        if (failure.getReason() == BasicReason.EXPIRED) {
            return "the certificate has expired";
        }
        return failure.getReason() == BasicReason.NOT_YET_VALID
                ? "the certificate is not valid yet"
                : "the certificate is not trusted: " + failure.getMessage();
    }

    /** Only words tell it: those of the JDK's check of host names. */
    private static boolean isOfName(String message) {
        return message.startsWith("No subject alternative")
                || message.startsWith("No name matching");
    }
}
