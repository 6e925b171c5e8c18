package org.posthouse.daemon.config;

import org.posthouse.daemon.config.Section.Shape;

import java.time.Duration;
import java.util.List;

/** The settings of what is remembered of messages. */
final class JournalKeys {
    static final Key<Duration> KEEP =
            Key.of(
                    "keep",
                    Types.WAIT,
                    "7d",
                    "How long it is kept why a message was accepted and what happened to it, with"
                            + " addresses and what was said in attempts that failed: at most 1 GiB"
                            + " of it. `0s` keeps nothing.");
    static final Key<Boolean> SUBJECTS =
            Key.of(
                    "subjects",
                    Types.FLAG,
                    "false",
                    "Whether the subjects of messages are kept with it. Those of messages in the"
                            + " queue are shown in any case.");
    static final Section JOURNAL =
            new Section(
                    "journal",
                    Shape.SINGLE,
                    "[journal]",
                    "What `posthouse explain ID`, `msg show` and `msg transcript` answer from;"
                            + " nothing is decided by it.",
                    List.of(KEEP, SUBJECTS));

    private JournalKeys() {}
}
