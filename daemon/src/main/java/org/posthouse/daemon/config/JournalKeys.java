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
                    "How long it is kept why a message was accepted, with its addresses: at most"
                            + " 512 MiB of it. `0s` keeps nothing.");
    static final Section JOURNAL =
            new Section(
                    "journal",
                    Shape.SINGLE,
                    "[journal]",
                    "What `posthouse explain ID` answers from; nothing is decided by it.",
                    List.of(KEEP));

    private JournalKeys() {}
}
