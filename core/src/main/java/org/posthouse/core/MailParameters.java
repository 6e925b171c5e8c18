package org.posthouse.core;

import java.util.Optional;

/** The parameters of one MAIL command: SIZE, BODY, SMTPUTF8, RET, ENVID, AUTH, REQUIRETLS. */
final class MailParameters {
    private static final int SIZE = 1;
    private static final int BODY = 2;
    private static final int SMTPUTF8 = 4;
    private static final int RET = 8;
    private static final int ENVID = 16;
    private static final int AUTH = 32;
    private static final int REQUIRETLS = 64;

    private final byte[] octets;
    private final ParameterReader reader;
    private int seen;
    private long declaredOctets;
    private BodyType body = BodyType.SEVEN_BIT;
    private Ret ret = Ret.UNSPECIFIED;
    private String envelopeId = "";
    private String auth = "";

    MailParameters(byte[] octets, int from, int to) {
        this.octets = octets;
        this.reader = new ParameterReader(octets, from, to);
    }

    /** Reads them all; the reply says what is wrong. */
    Optional<Reply> read() {
        while (reader.next()) {
            int parameter = parameter();
            if (parameter == 0 || (seen & parameter) != 0) {
                return Optional.of(SyntaxReplies.PARAMETER_UNKNOWN);
            }
            seen |= parameter;
            if (!value(parameter)) {
                return Optional.of(SyntaxReplies.PARAMETER_MALFORMED);
            }
        }
        return reader.malformed()
                ? Optional.of(SyntaxReplies.PARAMETER_MALFORMED)
                : Optional.empty();
    }

    boolean smtpUtf8() {
        return (seen & SMTPUTF8) != 0;
    }

    MailOptions options() {
        return seen == 0
                ? MailOptions.NONE
                : new MailOptions(
                        declaredOctets,
                        body,
                        smtpUtf8(),
                        ret,
                        envelopeId,
                        auth,
                        (seen & REQUIRETLS) != 0);
    }

    private int parameter() {
        if (reader.is("SIZE")) {
            return SIZE;
        } else if (reader.is("BODY")) {
            return BODY;
        } else if (reader.is("SMTPUTF8")) {
            return SMTPUTF8;
        } else if (reader.is("RET")) {
            return RET;
        } else if (reader.is("ENVID")) {
            return ENVID;
        } else if (reader.is("REQUIRETLS")) {
            return REQUIRETLS;
        }
        return reader.is("AUTH") ? AUTH : 0;
    }

    private boolean value(int parameter) {
        return switch (parameter) {
            case SIZE -> size();
            case BODY -> body();
            case SMTPUTF8, REQUIRETLS -> !reader.hasValue();
            case RET -> ret();
            case ENVID -> {
                envelopeId = reader.hasValue() ? reader.value() : "";
                yield reader.valueIsXtext(ProtocolLimits.ENVELOPE_ID_OCTETS_MAX);
            }
            default -> {
                auth = reader.hasValue() ? reader.value() : "";
                yield reader.valueIsXtext(ProtocolLimits.AUTH_PARAMETER_OCTETS_MAX);
            }
        };
    }

    /** A number beyond a long is as good as the longest: too much for anybody. */
    private boolean size() {
        if (!reader.hasValue() || reader.valueOctets() > ProtocolLimits.SIZE_DIGITS_MAX) {
            return false;
        }
        long value = 0;
        for (int i = reader.valueFrom(); i < reader.valueTo(); i++) {
            int digit = octets[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            boolean fits = value <= (Long.MAX_VALUE - digit) / 10;
            value = fits ? value * 10 + digit : Long.MAX_VALUE;
        }
        declaredOctets = value;
        return true;
    }

    private boolean body() {
        if (reader.valueIs("8BITMIME")) {
            body = BodyType.EIGHT_BIT_MIME;
        } else if (reader.valueIs("BINARYMIME")) {
            body = BodyType.BINARY_MIME;
        } else {
            return reader.valueIs("7BIT");
        }
        return true;
    }

    private boolean ret() {
        ret = reader.valueIs("FULL") ? Ret.FULL : Ret.HDRS;
        return ret == Ret.FULL || reader.valueIs("HDRS");
    }
}
