package org.posthouse.server;

import java.util.Objects;

/**
 * What content may hold. The defaults take what all servers take.
 *
 * @param bareLineEnds what becomes of a CR or LF that stands alone
 * @param refusesNul whether a message with NUL octets is refused ({@code 554 5.6.0})
 * @param refusesEightBit whether octets above 127 are refused in a message that was not declared
 *     {@code BODY=8BITMIME} or SMTPUTF8 ({@code 554 5.6.1}, RFC 6152)
 * @param binaryMime whether BINARYMIME is offered (RFC 3030): such content comes by BDAT and is
 *     kept octet for octet, whatever the other rules say
 * @since 0.1
 */
public record ContentRules(
        BareLineEnds bareLineEnds,
        boolean refusesNul,
        boolean refusesEightBit,
        boolean binaryMime) {
    /** Bare line ends are normalised, NUL and 8-bit octets are kept, BINARYMIME is not offered. */
    public static final ContentRules DEFAULT =
            new ContentRules(BareLineEnds.NORMALISE, false, false, false);

    /** Checks that nothing is missing. */
    public ContentRules {
        Objects.requireNonNull(bareLineEnds);
    }

    /** What becomes of a CR or LF that stands alone in content. */
    public enum BareLineEnds {
        /** It becomes CRLF before it is stored. */
        NORMALISE,
        /** The message is refused ({@code 550 5.6.11}). */
        REFUSE
    }
}
