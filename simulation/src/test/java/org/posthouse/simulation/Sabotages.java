package org.posthouse.simulation;

import org.posthouse.simulation.Sabotage.Answers;
import org.posthouse.simulation.Sabotage.Constant;
import org.posthouse.simulation.Sabotage.Omits;
import org.posthouse.simulation.Sabotage.Twice;

/** The defects that a campaign has to find, each with the first seed that shows it. */
enum Sabotages {
    REPLY_BEFORE_FORCE(new Omits("spool.LogWriter", "force", "force"), 1),
    LARGE_CONTENT_UNFORCED(new Omits("spool.BulkForcer", "force", "force"), 7),
    LARGE_CONTENT_WITHOUT_NAME(new Omits("spool.BulkForcer", "force", "forceDirectory"), 33),
    SEGMENT_WITHOUT_NAME(new Omits("spool.SegmentFiles", "create", "forceDirectory"), 70),
    LOCAL_MAIL_UNFORCED(new Omits("store.Maildir", "write", "force"), 1),
    LOCAL_MAIL_WITHOUT_NAME(new Answers("store.SharedForce", "force", ""), 13),
    FAILED_FORCE_TAKEN_FOR_GOOD(
            new Answers("spool.Outcome", "of", new Constant("org.posthouse.spool.Outcome", "DONE")),
            10),
    CHUNK_DROPPED(new Omits("spool.LogSink", "nextChunk", "add"), 1),
    ACCEPTANCE_NOT_RECOVERED(new Answers("spool.Recovery", "accepted", ""), 1),
    OUTCOME_NOT_RECOVERED(new Answers("spool.Recovery", "settled", ""), 1),
    SETTLED_STAYS_IN_THE_QUEUE(new Answers("spool.Index", "remove", false), 1),
    OUTCOME_LOST(new Answers("relay.Settler", "isStored", true), 1),
    OUTCOME_TOLD_TWICE(new Twice("relay.Settler", "tell"), 1),
    REPORT_FORGOTTEN(new Answers("relay.Reckoning", "add", ""), 1),
    REPORT_TWICE(new Twice("relay.Reckoning", "add"), 1),
    REPORT_UNWANTED(new Answers("core.Notify", "failure", true), 1),
    EVERYTHING_IS_DELIVERED(
            new Answers(
                    "relay.ReplyClassifier",
                    "of",
                    new Constant("org.posthouse.relay.ReplyClass", "DELIVERED")),
            1),
    TEMPORARY_IS_PERMANENT(
            new Answers(
                    "relay.ReplyClassifier",
                    "of",
                    new Constant("org.posthouse.relay.ReplyClass", "PERM")),
            1),
    DUE_AT_ONCE(new Answers("relay.Timetable", "dueMillis", 0L), 1),
    NO_DELAY(
            new Answers(
                    "relay.RetrySchedule",
                    "delayAfter",
                    new Constant("java.time.Duration", "ZERO")),
            1),
    WINDOW_FORGOTTEN(new Answers("policy.Route$Hop", "connectionsMax", 1000), 2),
    RSET_NOT_SENT(new Omits("client.Exchange", "addEnvelope", "add"), 2),
    DOT_NOT_DOUBLED(new Omits("core.DataEncoder", "encode", "write"), 2),
    OPEN_RELAY(new Answers("policy.Decider", "contains", true), 1),
    EVERY_DOMAIN_IS_RELAYED(new Answers("policy.Decider", "isRelayed", true), 1),
    INSIDERS_REFUSED(new Answers("policy.Decider", "contains", false), 1),
    REPLY_FORGOTTEN(new Answers("server.Session", "unknown", ""), 1),
    RELAY_NOT_STOPPED(new Omits("Engine", "close", "drain"), 1),
    JOURNAL_LEFT_OPEN(new Answers("Engine", "closeJournal", ""), 1);

    final Sabotage defect;
    final long seed;

    Sabotages(Sabotage defect, long seed) {
        this.defect = defect;
        this.seed = seed;
    }
}
