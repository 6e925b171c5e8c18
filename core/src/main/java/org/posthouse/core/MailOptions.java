package org.posthouse.core;

import java.util.Objects;

/**
 * What the parameters of MAIL said about a transaction, and what is known of its message besides.
 *
 * @param declaredOctets SIZE (RFC 1870), 0 when not given
 * @param body BODY (RFC 6152)
 * @param smtpUtf8 SMTPUTF8 (RFC 6531)
 * @param ret RET (RFC 3461)
 * @param envelopeId ENVID as given, xtext-encoded (RFC 3461); empty when not given
 * @param auth AUTH parameter as given, xtext-encoded (RFC 4954); empty when not given
 * @param requireTls REQUIRETLS (RFC 8689): on every hop TLS with a host that proved its name, and
 *     only to hosts that keep to it, too
 * @param priority from -9 to 9, 0 for most mail: urgent from {@link #URGENT} on, bulk below 0. Not
 *     from the wire; the numbers are those of RFC 6710
 * @param waivesTls its header section says {@code TLS-Required: No} (RFC 8689 section 3): it leaves
 *     whatever its recipients' domains have published about TLS. Never with {@code requireTls}
 * @since 0.1
 */
public record MailOptions(
        long declaredOctets,
        BodyType body,
        boolean smtpUtf8,
        Ret ret,
        String envelopeId,
        String auth,
        boolean requireTls,
        int priority,
        boolean waivesTls) {
    /** The least priority of urgent mail. */
    public static final int URGENT = 4;

    /** The highest priority; the lowest is as far below 0. */
    public static final int PRIORITY_MAX = 9;

    /** No parameters. */
    public static final MailOptions NONE =
            new MailOptions(0, BodyType.SEVEN_BIT, false, Ret.UNSPECIFIED, "", "", false);

    /** Checks that nothing is missing and the size is not negative. */
    public MailOptions {
        Objects.requireNonNull(body);
        Objects.requireNonNull(ret);
        Objects.requireNonNull(envelopeId);
        Objects.requireNonNull(auth);
        if (declaredOctets < 0) {
            throw new IllegalArgumentException("negative size: " + declaredOctets);
        }
        if (Math.abs(priority) > PRIORITY_MAX) {
            throw new IllegalArgumentException("not a priority from -9 to 9: " + priority);
        }
        waivesTls = waivesTls && !requireTls;
    }

    /** As urgent as most mail. */
    public MailOptions(
            long declaredOctets,
            BodyType body,
            boolean smtpUtf8,
            Ret ret,
            String envelopeId,
            String auth,
            boolean requireTls) {
        this(declaredOctets, body, smtpUtf8, ret, envelopeId, auth, requireTls, 0, false);
    }

    /** The same, as urgent as this. */
    public MailOptions withPriority(int other) {
        return new MailOptions(
                declaredOctets,
                body,
                smtpUtf8,
                ret,
                envelopeId,
                auth,
                requireTls,
                other,
                waivesTls);
    }

    /** The same, waiving what is published about TLS or not; REQUIRETLS goes before. */
    public MailOptions waivingTls(boolean waives) {
        return new MailOptions(
                declaredOctets,
                body,
                smtpUtf8,
                ret,
                envelopeId,
                auth,
                requireTls,
                priority,
                waives);
    }

    /** The same with REQUIRETLS. */
    public MailOptions requiringTls() {
        return new MailOptions(
                declaredOctets, body, smtpUtf8, ret, envelopeId, auth, true, priority, false);
    }
}
