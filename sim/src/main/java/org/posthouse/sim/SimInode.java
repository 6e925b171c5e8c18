package org.posthouse.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A file's octets, and every change since the last force.
 *
 * <p>{@link #pages} is what a reader sees. Each change keeps what it replaced. A crash undoes all
 * changes, newest first, and then does them again, oldest first: those that were forced for
 * certain, of the others what {@link SimRemains} says. Changes before a failed force stay in doubt
 * for ever: no later force covers them.
 */
final class SimInode {
    static final int SECTOR = 512;

    private final SimPages pages;
    private final List<Change> changes = new ArrayList<>();

    private static final class Change {
        final long position;
        final byte[] octets; // empty: a change of the size alone
        final byte[] before;
        final long sizeBefore;
        final long sizeAfter;
        boolean durable;
        boolean doomed;

        Change(long position, byte[] octets, byte[] before, long sizeBefore, long sizeAfter) {
            this.position = position;
            this.octets = octets;
            this.before = before;
            this.sizeBefore = sizeBefore;
            this.sizeAfter = sizeAfter;
        }

        Change copy() {
            Change copy = new Change(position, octets, before, sizeBefore, sizeAfter);
            copy.durable = durable;
            copy.doomed = doomed;
            return copy;
        }

        int sectors() {
            long end = position + octets.length + SECTOR - 1;
            return (int) (end / SECTOR - position / SECTOR);
        }

        boolean isCut() {
            return sizeAfter < sizeBefore;
        }
    }

    SimInode() {
        this(new SimPages());
    }

    private SimInode(SimPages pages) {
        this.pages = pages;
    }

    long size() {
        return pages.size();
    }

    byte[] read(long position, int length) {
        return pages.copy(position, length);
    }

    void write(long position, byte[] octets) {
        long sizeAfter = Math.max(pages.size(), position + octets.length);
        byte[] before = pages.copy(position, octets.length);
        changes.add(new Change(position, octets, before, pages.size(), sizeAfter));
        pages.write(position, octets, 0, octets.length);
    }

    void truncate(long octets) {
        if (octets >= pages.size()) {
            return;
        }
        byte[] before = pages.copy(octets, Math.toIntExact(pages.size() - octets));
        changes.add(new Change(octets, new byte[0], before, pages.size(), octets));
        pages.size(octets);
    }

    void force() {
        for (Change change : changes) {
            change.durable |= !change.doomed;
        }
        int settled = 0;
        while (settled < changes.size() && changes.get(settled).durable) {
            settled++;
        }
        changes.subList(0, settled).clear();
    }

    void forceFailed() {
        for (Change change : changes) {
            change.doomed |= !change.durable;
        }
    }

    boolean hasUnforced() {
        return !changes.isEmpty();
    }

    /** The file as a process that was killed leaves it: all changes, none of them forced. */
    SimInode afterKill() {
        SimInode copy = new SimInode(pages.copy());
        changes.forEach(change -> copy.changes.add(change.copy()));
        return copy;
    }

    /**
     * The file as a power cut leaves it.
     *
     * @param newest its newest change is the newest of all files
     */
    SimInode afterPowerCut(SimRemains remains, boolean newest) {
        SimPages left = pages.copy();
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change change = changes.get(i);
            left.write(change.position, change.before, 0, change.before.length);
            left.size(change.sizeBefore);
        }
        for (Change change : changes) {
            boolean newestOfAll = newest && change.equals(changes.getLast());
            switch (change.durable ? SimRemains.Part.ALL : remains.partOf(newestOfAll)) {
                case ALL -> redo(left, change);
                case TORN -> redoTorn(left, change, remains);
                case NONE -> {}
            }
        }
        return new SimInode(left);
    }

    private static void redo(SimPages left, Change change) {
        if (change.isCut()) {
            left.size(Math.min(left.size(), change.sizeAfter));
        } else {
            left.write(change.position, change.octets, 0, change.octets.length);
        }
    }

    private static void redoTorn(SimPages left, Change change, SimRemains remains) {
        if (change.isCut()) {
            if (remains.keepsLength()) {
                redo(left, change);
            }
            return;
        }
        int sectors = change.sectors();
        int from = 0;
        for (int sector = 0; sector < sectors; sector++) {
            int toSectorEnd = SECTOR - (int) ((change.position + from) % SECTOR);
            int count = Math.min(toSectorEnd, change.octets.length - from);
            if (remains.keepsSector(sector, sectors)) {
                left.write(change.position + from, change.octets, from, count);
            }
            from += count;
        }
        if (remains.keepsLength()) {
            left.size(Math.max(left.size(), change.sizeAfter));
        }
    }
}
