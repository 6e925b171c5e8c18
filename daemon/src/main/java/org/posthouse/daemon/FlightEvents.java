package org.posthouse.daemon;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the flight recorder of the JDK about sessions and tries. They are recorded when they end,
 * with how long they took; nothing is made while nobody records. No address is told.
 */
final class FlightEvents implements MailEvents {
    /** Sessions whose begin is remembered; others are not recorded. */
    private static final int SESSIONS_MAX = 50_000;

    /** Used by the one thread that tells events. */
    private final Map<Long, MailEvent.SessionOpened> open = new HashMap<>();

    /** A session ended. */
    @Name("posthouse.Session")
    @Label("Session")
    @Category("Posthouse")
    @StackTrace(false)
    static final class Session extends Event {
        @Label("Session")
        long session;

        @Label("Listener")
        String listener = "";

        @Label("Why It Ended")
        String why = "";

        @Label("Elapsed")
        @Timespan(Timespan.NANOSECONDS)
        long elapsed;
    }

    /** A try with one host ended. */
    @Name("posthouse.Try")
    @Label("Try")
    @Category("Posthouse")
    @StackTrace(false)
    static final class Try extends Event {
        @Label("Delivery")
        String delivery = "";

        @Label("Attempt")
        int attempt;

        @Label("Nexthop")
        String nexthop = "";

        @Label("Reached")
        String reached = "";

        @Label("Succeeded")
        boolean succeeded;

        @Label("Elapsed")
        @Timespan(Timespan.NANOSECONDS)
        long elapsed;
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        switch (event) {
            case MailEvent.SessionOpened e -> {
                if (open.size() < SESSIONS_MAX) {
                    open.put(e.session(), e);
                }
            }
            case MailEvent.SessionClosed e -> {
                MailEvent.SessionOpened opened = open.remove(e.session());
                if (opened != null) {
                    closed(opened, e.at(), e.why());
                }
            }
            case MailEvent.Tried e -> tried(e);
            default -> {}
        }
    }

    private static void closed(MailEvent.SessionOpened opened, Instant at, String why) {
        if (!FlightRecorder.isInitialized()) {
            return; // to load the recorder takes a while
        }
        var record = new Session();
        if (record.isEnabled()) {
            record.session = opened.session();
            record.listener = opened.listener();
            record.why = why;
            record.elapsed = Duration.between(opened.at(), at).toNanos();
            record.commit();
        }
    }

    private static void tried(MailEvent.Tried e) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        var record = new Try();
        if (record.isEnabled()) {
            record.delivery = e.delivery().toString();
            record.attempt = e.attempt();
            record.nexthop = e.nexthop();
            record.reached = e.reached().name();
            record.succeeded = e.succeeded();
            record.elapsed = e.elapsed().toNanos();
            record.commit();
        }
    }
}
