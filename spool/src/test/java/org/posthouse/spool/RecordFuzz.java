package org.posthouse.spool;

import java.time.DateTimeException;

/** Fuzz target for the records of a commit: damaged octets are told, and nothing else happens. */
final class RecordFuzz {
    private RecordFuzz() {}

    /** Records as the recovery reads them. */
    static final class Records {
        private Records() {}

        @SuppressWarnings("EmptyCatch") // what the recovery takes for damage
        public static void fuzzerTestOneInput(byte[] octets) {
            var records = new OctetReader(octets, 0, octets.length);
            try {
                while (!records.isAtEnd()) {
                    switch (records.octet()) {
                        case AcceptRecord.KIND -> {
                            AcceptRecord unused = AcceptRecord.read(records);
                        }
                        case SettleRecord.KIND -> {
                            SettleRecord unused = SettleRecord.read(records);
                        }
                        default -> throw new OctetReader.Malformed("a record of an unknown kind");
                    }
                }
            } catch (OctetReader.Malformed | IllegalArgumentException | DateTimeException e) {
                // damage
            }
        }
    }
}
