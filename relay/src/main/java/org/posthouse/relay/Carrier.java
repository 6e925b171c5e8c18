package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Reply;

import java.time.Duration;
import java.util.List;

/** Carries groups to one site. One worker uses it; {@link #cut} may come from any thread. */
interface Carrier {
    /**
     * Attempts a group, by one transaction if that goes well: every recipient without an outcome
     * gets one, or the result says why not. When it is done, others from the feed may be on their
     * way behind it.
     */
    Result attempt(Attempt.Group group);

    /** Brings to an end what is on its way, taking along what comes from the feed meanwhile. */
    default void follow() {}

    /** How long to stay for more work; zero when there is nothing worth keeping. */
    Duration idleTimeout();

    /** Ends politely. */
    void quit();

    /** Ends what runs, at once. */
    void cut();

    /** Where a carrier gets work for the connection it has, and tells what became of it. */
    interface Feed {
        /** The next group, if it goes to this hop and waits already; null for none. */
        Attempt.@Nullable Group more(Hop hop);

        /** It came from the feed, and every recipient has its outcome. */
        void done(Attempt.Group group);

        /** They came from the feed, and recipients are left without outcome: they are next. */
        void again(List<Attempt.Group> groups);
    }

    /** Why no host could be reached. */
    enum Trouble {
        /** The hosts are not known: it is the trouble of the domain, not of a host. */
        UNKNOWN,
        /** They can't be reached, or can't be talked to. */
        DEAD,
        /** One says at MAIL that it closes: mostly of itself, perhaps of the message. */
        CLOSES,
        /** Connections are refused: beside others that stand, for their number. */
        REFUSED,
        /** A host says that it takes no more connections. */
        LIMITED
    }

    /** How an attempt of a group ended. */
    sealed interface Result {
        /** Every recipient has its outcome. */
        Result DONE = new Done();

        /** A transaction is over, and recipients are left for others. */
        Result PARTLY = new Partly();

        /** It was cut. */
        Result CUT = new Cut();

        /** Its exchangers are those of another site. */
        Result MOVED = new Moved();

        /** Every recipient has its outcome. */
        record Done() implements Result {}

        /** No host could be reached; recipients without an outcome were not attempted. */
        record Unreachable(Reply reply, Trouble why) implements Result {}

        /** Another site's worker has to attempt it; nothing was done. */
        record Moved() implements Result {}

        /** Some recipients have their outcome; who else waits may go before the others. */
        record Partly() implements Result {}

        /** It was cut. */
        record Cut() implements Result {}
    }
}
