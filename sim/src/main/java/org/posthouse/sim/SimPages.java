package org.posthouse.sim;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The octets of a file, in pages; pages of zeros take no memory. */
final class SimPages {
    private static final int PAGE = 16 * 1024;

    private final List<byte @Nullable []> pages = new ArrayList<>();
    private long size;

    long size() {
        return size;
    }

    void size(long octets) {
        if (octets < size) {
            zero(octets, Math.min(size, pageEnd(octets)));
            int keep = Math.toIntExact((octets + PAGE - 1) / PAGE);
            while (pages.size() > keep) {
                pages.remove(pages.size() - 1);
            }
        }
        size = octets;
    }

    /** Copies octets out; what lies past the end is zero. */
    byte[] copy(long position, int length) {
        byte[] target = new byte[length];
        int done = 0;
        while (done < length) {
            long at = position + done;
            int inPage = (int) (at % PAGE);
            int count = Math.min(PAGE - inPage, length - done);
            byte[] page = page(at);
            if (page != null) {
                System.arraycopy(page, inPage, target, done, count);
            }
            done += count;
        }
        return target;
    }

    /** Writes octets, growing the file where needed. */
    void write(long position, byte[] octets, int offset, int length) {
        int done = 0;
        while (done < length) {
            long at = position + done;
            int inPage = (int) (at % PAGE);
            int count = Math.min(PAGE - inPage, length - done);
            writeInPage(at, inPage, octets, offset + done, count);
            done += count;
        }
        size = Math.max(size, position + length);
    }

    SimPages copy() {
        SimPages copy = new SimPages();
        for (byte @Nullable [] page : pages) {
            copy.pages.add(page == null ? null : page.clone());
        }
        copy.size = size;
        return copy;
    }

    /** Memory in use, in octets. */
    long held() {
        return pages.stream().filter(page -> page != null).count() * PAGE;
    }

    private void writeInPage(long at, int inPage, byte[] octets, int offset, int count) {
        int index = Math.toIntExact(at / PAGE);
        while (pages.size() <= index) {
            pages.add(null);
        }
        byte[] page = pages.get(index);
        if (page == null) {
            if (isZero(octets, offset, count)) {
                return;
            }
            page = new byte[PAGE];
            pages.set(index, page);
        }
        System.arraycopy(octets, offset, page, inPage, count);
    }

    private void zero(long from, long to) {
        byte[] page = page(from);
        if (page != null && to > from) {
            Arrays.fill(page, (int) (from % PAGE), (int) (from % PAGE + (to - from)), (byte) 0);
        }
    }

    private byte @Nullable [] page(long at) {
        int index = Math.toIntExact(at / PAGE);
        return index < pages.size() ? pages.get(index) : null;
    }

    private static long pageEnd(long at) {
        return (at / PAGE + 1) * PAGE;
    }

    private static boolean isZero(byte[] octets, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
