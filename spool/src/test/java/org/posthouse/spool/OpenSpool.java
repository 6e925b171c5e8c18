package org.posthouse.spool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;

import java.util.List;

/** Tests of a spool that is open; what every spool keeps is tested in the test kit. */
abstract class OpenSpool {
    /** A deadline that has passed: take what is there. */
    private static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);

    Spool spool;

    /** A fresh and empty spool, or what the one before it left. */
    abstract Spool open();

    /** What a new process finds. */
    Spool reopen(Spool before) {
        before.close();
        return open();
    }

    @BeforeEach
    void openSpool() {
        spool = open();
    }

    @AfterEach
    void closeSpool() {
        spool.close();
    }

    SpoolId accept(String acceptId, byte[] body, String... recipients) {
        AcceptResult result = spool.accept(Samples.acceptance(spool, acceptId, body, recipients));
        return ((AcceptResult.Accepted) result).id();
    }

    List<QueuedDelivery> take() throws InterruptedException {
        return spool.take(1000, NOW);
    }
}
