package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Looks for one message in the whole log: its last accept record, and its last states. */
final class MessageSearch implements LogReplay.Events {
    private final SegmentLook look;
    private final long id;
    private final QueueState state;
    private CommitRecords.Entry.@Nullable Accepted entry;
    private ContentPlaces content = new ContentPlaces();

    MessageSearch(SegmentLook look, long id) {
        this.look = look;
        this.id = id;
        state = new QueueState(each -> each == id);
    }

    LogInspector.Lookup run(SegmentLook.View first, LogWalk walk) throws IOException {
        walk.run(first, seen -> true, new LogReplay(this));
        CommitRecords.Entry.Accepted found = entry;
        if (found == null) {
            return new LogInspector.Lookup.Unknown();
        }
        if (!state.isQueued(id)) {
            return new LogInspector.Lookup.Settled();
        }
        return new LogInspector.Lookup.Queued(
                new MessageReader(look, state, walk).message(found, content));
    }

    @Override
    public void accepted(
            CommitRecords.Entry.Accepted accepted,
            ContentPlaces places,
            LogReplay.RecordPlace place) {
        if (accepted.id() == id) {
            entry = accepted;
            content = places;
        }
        state.accepted(accepted, places, place);
    }

    @Override
    public void settled(CommitRecords.Entry.Settled settled, LogReplay.RecordPlace place) {
        state.settled(settled, place);
    }
}
