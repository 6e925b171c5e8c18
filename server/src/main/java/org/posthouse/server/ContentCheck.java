package org.posthouse.server;

import org.posthouse.core.BodyType;
import org.posthouse.core.MailOptions;
import org.posthouse.server.ContentRules.BareLineEnds;
import org.posthouse.server.IncomingContent.Flaw;

import java.util.Optional;

/** The bounds and rules for the content of one message. */
final class ContentCheck {
    private final ServerLimits limits;
    private final ContentRules rules;
    private final boolean isBinary;
    private final boolean refusesNul;
    private final boolean refusesEightBit;

    ContentCheck(ServerLimits limits, ContentRules rules, MailOptions options) {
        this.limits = limits;
        this.rules = rules;
        this.isBinary = options.body() == BodyType.BINARY_MIME;
        this.refusesNul = rules.refusesNul() && !isBinary;
        boolean isDeclared = options.body() != BodyType.SEVEN_BIT || options.smtpUtf8();
        this.refusesEightBit = rules.refusesEightBit() && !isDeclared;
    }

    /** True when no octet may be changed. */
    boolean isBinary() {
        return isBinary;
    }

    long octetsMax() {
        long max = limits.messageOctetsMax();
        return max <= 0 ? Long.MAX_VALUE : max;
    }

    int headerOctetsMax() {
        return limits.headerOctetsMax();
    }

    boolean refusesBareLineEnds() {
        return rules.bareLineEnds() == BareLineEnds.REFUSE;
    }

    /** What is wrong with these octets. */
    Optional<Flaw> flaw(byte[] octets, int offset, int length) {
        if (!refusesNul && !refusesEightBit) {
            return Optional.empty();
        }
        for (int i = offset; i < offset + length; i++) {
            if (octets[i] == 0 && refusesNul) {
                return Optional.of(Flaw.NUL);
            }
            if (octets[i] < 0 && refusesEightBit) {
                return Optional.of(Flaw.EIGHT_BIT);
            }
        }
        return Optional.empty();
    }
}
