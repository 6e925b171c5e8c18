package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Live records and content on their way from a sparse segment to the active one. */
final class MoveItem extends DurableItem {
    final Segment from;
    final List<Move> moves;

    /** The commit with all records but those of whole messages. */
    final @Nullable Part shared;

    MoveItem(Segment from, List<Move> moves, @Nullable Part shared) {
        super(parts(moves, shared));
        this.from = from;
        this.moves = List.copyOf(moves);
        this.shared = shared;
    }

    private static List<Part> parts(List<Move> moves, @Nullable Part shared) {
        List<Part> parts = new ArrayList<>();
        for (Move move : moves) {
            if (move instanceof Move.Message message) {
                parts.addAll(message.chunks());
                parts.add(message.commit());
            }
        }
        if (shared != null) {
            parts.add(shared);
        }
        return parts;
    }

    /** True when it makes room in the log: content in bulk segments takes none of it. */
    boolean makesRoom() {
        return moves.stream().noneMatch(move -> bulk(move) != null);
    }

    /** Has the bulk segments kept in this run that content was copied to. */
    void keepContents() {
        for (Move move : moves) {
            ChunkList copied = bulk(move);
            if (copied != null) {
                copied.keep();
            }
        }
    }

    private static @Nullable ChunkList bulk(Move move) {
        return move instanceof Move.Message message ? message.content().bulk() : null;
    }
}
