package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.TlsFault;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** What a failed handshake failed by. */
final class Faults {
    private static final int CAUSES_MAX = 10;

    private Faults() {}

    static TlsFault of(Throwable failure) {
        TlsFault found = TlsFault.VALIDATION_FAILURE;
        Throwable each = failure;
        for (int i = 0; i < CAUSES_MAX && each != null; i++) {
            TlsFault fault = own(each);
            found = fault == null ? found : fault;
            each = each.getCause();
        }
        return found;
    }

    private static @Nullable TlsFault own(Throwable failure) {
        return switch (failure) {
            case CertificateExpiredException e -> TlsFault.CERTIFICATE_EXPIRED;
            case CertificateNotYetValidException e -> TlsFault.CERTIFICATE_EXPIRED;
            case CertPathValidatorException e ->
                    e.getReason() == BasicReason.EXPIRED
                                    || e.getReason() == BasicReason.NOT_YET_VALID
                            ? TlsFault.CERTIFICATE_EXPIRED
                            : TlsFault.CERTIFICATE_NOT_TRUSTED;
            case CertificateException e ->
                    isOfName(String.valueOf(e.getMessage()))
                            ? TlsFault.CERTIFICATE_HOST_MISMATCH
                            : TlsFault.CERTIFICATE_NOT_TRUSTED;
            default -> null;
        };
    }

    /** Only words tell it: those of the JDK's check of host names. */
    private static boolean isOfName(String message) {
        return message.startsWith("No subject alternative")
                || message.startsWith("No name matching");
    }
}
