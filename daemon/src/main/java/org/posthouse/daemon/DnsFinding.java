package org.posthouse.daemon;

/**
 * A record that was asked for, and how it is.
 *
 * @param name whose record it is, without the dot at its end
 * @param type of the record; PTR for the name of an address
 * @param found what is published, or why that is not known; perhaps empty
 * @param publish what should be, as in a zone file; empty: it is fine, or nothing is known
 */
record DnsFinding(State state, String name, String type, String found, String publish) {
    static final String NOT_KNOWN = "PH-N011";
    static final String WRONG = "PH-N010";

    /** How a record is. */
    enum State {
        OK,
        MISSING,
        DIFFERENT,
        /** No name server could tell. */
        UNKNOWN;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The page behind what is not fine. */
    String code() {
        return switch (state) {
            case OK -> "";
            case MISSING, DIFFERENT -> WRONG;
            case UNKNOWN -> NOT_KNOWN;
        };
    }

    static DnsFinding ok(String name, String type, String found) {
        return new DnsFinding(State.OK, name, type, found, "");
    }

    static DnsFinding missing(DnsRecords.Line wanted) {
        return new DnsFinding(State.MISSING, wanted.name(), wanted.type(), "", wanted.value());
    }

    static DnsFinding different(DnsRecords.Line wanted, String found) {
        return new DnsFinding(State.DIFFERENT, wanted.name(), wanted.type(), found, wanted.value());
    }

    static DnsFinding unknown(String name, String type, String why) {
        return new DnsFinding(State.UNKNOWN, name, type, why, "");
    }
}
