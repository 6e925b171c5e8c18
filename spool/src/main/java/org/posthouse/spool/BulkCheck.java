package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and verifies all content of queued messages that lies in bulk segments.
 *
 * <p>Beside another process, a file that is gone may mean that its messages were settled meanwhile.
 * So what is found wrong counts only if the message is still queued in a second reading of the log.
 */
final class BulkCheck {
    private final SegmentLook look;
    private final SegmentLook.View view;
    private final LogWalk walk;
    private final QueueState state;
    private final ReadProgress progress;

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, DamageNote> fileNotes = new HashMap<>();
    private long octetsRead;
    private long octetsOf;

    /** A message with what is wrong; it may lack octets, or none. */
    private record Finding(long id, long octets, List<DamageNote> notes) {}

    BulkCheck(
            SegmentLook look,
            SegmentLook.View view,
            LogWalk walk,
            QueueState state,
            ReadProgress progress) {
        this.look = look;
        this.view = view;
        this.walk = walk;
        this.state = state;
        this.progress = progress;
    }

    void run() throws IOException {
        List<DeliveryRow> rows = new ArrayList<>();
        long before = 0;
        for (DeliveryRow row = state.first(); row != null; row = state.table().next(row)) {
            if (row.is(DeliveryRow.BULK) && row.id() != before) {
                rows.add(row);
                octetsOf += row.octets();
            }
            before = row.id();
        }
        try (FrameSource frames = new FrameSource(look)) {
            for (DeliveryRow row : rows) {
                verify(row, frames);
                octetsRead += row.octets();
                progress.read(walk.octetsRead() + octetsRead, walk.octetsRead() + octetsOf);
            }
        }
        confirm();
    }

    private void verify(DeliveryRow row, FrameSource frames) throws IOException {
        CommitRecords.Entry.@Nullable Accepted entry = entry(row, frames);
        if (entry == null) {
            return;
        }
        AcceptRecord.Body body = entry.record().body();
        ContentPlaces content = ContentPlaces.inBulk(body, view);
        List<DamageNote> notes = new ArrayList<>();
        long lacking = 0;
        for (int number = 0; number < body.chunkCount(); number++) {
            ContentPlaces.Place place = content.place(body, number);
            byte[] octets = {};
            if (place != null) {
                octets = frames.chunk(place, entry.contentId(), number);
            }
            if (octets.length == 0 || !frames.isWhole(octets)) {
                lacking += body.chunkOctets(number);
                notes.add(note(body, number, place, octets.length > 0));
            }
        }
        addFileNotes(body, notes);
        if (!notes.isEmpty()) {
            findings.add(new Finding(row.id(), lacking, notes));
        }
    }

    /** What is wrong with the headers of the files, though all could be read. */
    private void addFileNotes(AcceptRecord.Body body, List<DamageNote> notes) {
        for (BulkRun run : body.bulk()) {
            DamageNote known = view.bulkDamage().get(run.file());
            if (known != null && !notes.contains(known)) {
                notes.add(known);
            }
        }
    }

    /** The accept record of a row; null when its segment was freed meanwhile. */
    private CommitRecords.Entry.@Nullable Accepted entry(DeliveryRow row, FrameSource frames)
            throws IOException {
        SegmentLook.Seen segment = walk.segment(row.acceptSlot());
        try {
            return frames.commit(segment, row.acceptPosition()).accepted(row.id());
        } catch (IOException e) {
            if (look.isLive()) {
                return null;
            }
            throw e;
        }
    }

    private DamageNote note(
            AcceptRecord.Body body,
            int number,
            ContentPlaces.@Nullable Place place,
            boolean isThere) {
        if (place != null) {
            String text =
                    "chunk "
                            + number
                            + " of a large content "
                            + (isThere ? "does not fit its checksum" : "can't be read");
            return new DamageNote(
                    SpoolDamage.Kind.PAYLOAD, place.segment(), place.position(), text);
        }
        BulkRun run = run(body, number);
        String file = run == null ? "" : BulkFiles.NAME.of(run.file());
        return fileNotes.computeIfAbsent(
                file, name -> fileNote(name, run == null ? new BulkRun(0, 0, 0, 0) : run));
    }

    private DamageNote fileNote(String name, BulkRun run) {
        DamageNote known = view.bulkDamage().get(run.file());
        return known != null
                ? known
                : new DamageNote(
                        SpoolDamage.Kind.MISSING_FILE,
                        name,
                        run.generation(),
                        run.position(),
                        "large content lies here, and the file is not there");
    }

    private static @Nullable BulkRun run(AcceptRecord.Body body, int number) {
        int before = 0;
        for (BulkRun run : body.bulk()) {
            before += run.count();
            if (number < before) {
                return run;
            }
        }
        return null;
    }

    private void confirm() throws IOException {
        QueueState now = state;
        if (look.isLive() && !findings.isEmpty()) {
            now = new QueueState(id -> true);
            new LogWalk(look, ReadProgress.NONE, 0)
                    .run(look.view(), seen -> true, new LogReplay(now));
        }
        for (Finding finding : findings) {
            if (!now.isQueued(finding.id)) {
                state.forget(finding.id);
                continue;
            }
            if (finding.octets > 0) {
                state.lacks(finding.id, finding.octets);
            }
            for (DamageNote note : finding.notes) {
                note.touches(finding.id);
                state.addOnce(note);
            }
        }
    }
}
