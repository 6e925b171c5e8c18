package org.posthouse.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes what the index knows into a file, while it changes: each row is copied under the lock, all
 * of them are not copied at once. That does no harm, because each record behind the snapshot
 * carries a whole state and is applied again when the checkpoint is read (docs/spool-format.md
 * section 10).
 */
final class CheckpointWriter {
    static final int HEAD = 1;
    static final int IN_USE = 2;
    static final int HOLDS = 3;
    static final int ROWS = 4;
    static final int BULK = 5;
    static final int ACCEPT_IDS = 6;
    static final int DOMAINS = 7;
    static final int SLOTS = 8;
    static final int END = 9;

    private static final int RUN_OCTETS = 3 * Long.BYTES + 3 * Integer.BYTES;
    private static final int ROW_OCTETS = DeliveryRow.WORDS * Long.BYTES;

    private final BlockFile out;
    private final Index index;
    private ByteBuffer payload;
    private int type;

    CheckpointWriter(BlockFile out, Index index) {
        this.out = out;
        this.index = index;
        payload = out.payload();
    }

    /** Writes all that needs no second look at the log. */
    void write(Snapshot from) throws IOException {
        begin(HEAD);
        payload.putLong(from.sequence()).putLong(from.lastId());
        payload.putLong(from.generation()).putLong(from.position());
        begin(IN_USE);
        for (Snapshot.InUse segment : from.inUse()) {
            room(Integer.BYTES + Long.BYTES);
            payload.putInt(segment.file()).putLong(segment.generation());
        }
        begin(HOLDS);
        for (Snapshot.Hold hold : from.holds()) {
            room(3 * Long.BYTES);
            payload.putLong(hold.holder()).putLong(hold.held()).putLong(hold.octets());
        }
        writeRows();
        writeBulk();
        writeAcceptIds();
        writeNumbers();
    }

    /** Ends the file: all frames up to this sequence may be needed to understand it. */
    void end(long sequence) throws IOException {
        begin(END);
        payload.putLong(sequence);
        out.write(END);
        out.force();
    }

    private void begin(int next) throws IOException {
        flush();
        type = next;
    }

    private void flush() throws IOException {
        if (type != 0) {
            out.write(type);
            payload = out.payload();
        }
    }

    private void room(int octets) throws IOException {
        if (payload.remaining() < octets) {
            flush();
        }
    }

    private void writeRows() throws IOException {
        begin(ROWS);
        long id = 0;
        int number = 0;
        boolean more = true;
        while (more) {
            room(DeliveryTable.PAGE_ROWS * ROW_OCTETS);
            index.lock.lock();
            try {
                DeliveryRow row = index.table.ceiling(id, number);
                more = row != null;
                if (row != null) {
                    DeliveryRow last = putPage(row);
                    id = last.id();
                    number = last.number() + 1;
                }
            } finally {
                index.lock.unlock();
            }
        }
    }

    /** Copies the rest of a page; the caller holds the lock. */
    private DeliveryRow putPage(DeliveryRow first) {
        DeliveryTable.Page page = first.page;
        for (int at = first.index; at < page.count; at++) {
            new DeliveryRow(page, first.pageIndex, at).write(payload);
        }
        return new DeliveryRow(page, first.pageIndex, page.count - 1);
    }

    private void writeBulk() throws IOException {
        begin(BULK);
        Map<Long, ChunkList> all;
        index.lock.lock();
        try {
            all = new TreeMap<>(index.bulk);
        } finally {
            index.lock.unlock();
        }
        for (Map.Entry<Long, ChunkList> each : all.entrySet()) {
            ChunkList chunks = each.getValue(); // does not change any more
            for (int run = 0; run < chunks.runs(); run++) {
                room(RUN_OCTETS);
                Segment segment = chunks.runSegment(run);
                payload.putLong(each.getKey()).putInt(segment.number);
                payload.putLong(segment.header.generation()).putLong(chunks.runPosition(run));
                payload.putInt(chunks.runLength(run)).putInt(chunks.runCount(run));
            }
        }
    }

    private void writeAcceptIds() throws IOException {
        begin(ACCEPT_IDS);
        List<Map.Entry<Long, String>> all;
        index.lock.lock();
        try {
            all = new ArrayList<>(index.acceptIds.all().size());
            index.acceptIds.all().forEach((id, text) -> all.add(Map.entry(id, text)));
        } finally {
            index.lock.unlock();
        }
        for (Map.Entry<Long, String> each : all) {
            byte[] text = each.getValue().getBytes(StandardCharsets.UTF_8);
            room(Long.BYTES + Integer.BYTES + text.length);
            payload.putLong(each.getKey()).putInt(text.length).put(text);
        }
    }

    /** What the numbers in rows mean; none was used again since the snapshot. */
    private void writeNumbers() throws IOException {
        Map<Integer, String> domains;
        List<Snapshot.InUse> slots;
        index.lock.lock();
        try {
            domains = index.domains.all();
            slots = index.slots.uses();
        } finally {
            index.lock.unlock();
        }
        begin(DOMAINS);
        for (Map.Entry<Integer, String> each : domains.entrySet()) {
            byte[] name = each.getValue().getBytes(StandardCharsets.UTF_8);
            room(2 * Integer.BYTES + name.length);
            payload.putInt(each.getKey()).putInt(name.length).put(name);
        }
        begin(SLOTS);
        for (int slot = 0; slot < slots.size(); slot++) {
            room(2 * Integer.BYTES + Long.BYTES);
            payload.putInt(slot).putInt(slots.get(slot).file());
            payload.putLong(slots.get(slot).generation());
        }
    }
}
