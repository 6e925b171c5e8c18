package org.posthouse.platform;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The records that arrive, still sealed, and the octets of an opened one that its reader had no
 * room for. One thread uses it.
 *
 * <p>The buffer is small while small records come, grows to what a record needs and then doubles as
 * long as reads fill it, and is given back when a read finds it empty after little came, or when
 * nothing came in time.
 */
final class TlsInput {
    private static final int SMALL = 1024;
    private static final int LARGE = 32 * 1024;
    private static final int HEADER_OCTETS = 5;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection plain;
    private final SSLEngine engine;
    private byte[] sealed = new byte[SMALL];
    private int start;
    private int end;

    /** How many octets the last read brought. */
    private int lastRead;

    /** The octets from {@link #start} are no whole record as far as the engine knows. */
    private boolean starved = true;

    private ByteBuffer opened = NOTHING;

    TlsInput(Connection plain, SSLEngine engine) {
        this.plain = plain;
        this.engine = engine;
    }

    /** True when octets of an opened record wait to be taken. */
    boolean hasOpened() {
        return opened.hasRemaining();
    }

    /** True when octets of records that were not opened yet are held. */
    boolean hasSealed() {
        return start < end;
    }

    /** Hands out what the last reader had no room for. */
    int takeOpened(ByteBuffer target) {
        int count = Math.min(opened.remaining(), target.remaining());
        target.put(opened.slice(opened.position(), count));
        opened.position(opened.position() + count);
        if (!opened.hasRemaining()) {
            opened = NOTHING;
        }
        return count;
    }

    /**
     * Waits until a whole record has come.
     *
     * @return false at the end of the stream
     * @throws DeadlineExceeded when it did not come in time; what came of it is kept
     */
    boolean awaitRecord(Deadline deadline) throws IOException {
        while (starved || end - start < octetsNeeded()) {
            if (!fill(deadline)) {
                return false;
            }
            starved = false;
        }
        return true;
    }

    /** Opens the next record into the target, or aside when it does not fit there. */
    SSLEngineResult open(ByteBuffer target) throws SSLException {
        SSLEngineResult result = unwrap(target);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            result = openAside(target, octetsNeeded());
        }
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            result = openAside(target, engine.getSession().getApplicationBufferSize());
        }
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            throw new SSLException("a TLS record is larger than announced");
        }
        return result;
    }

    private SSLEngineResult openAside(ByteBuffer target, int octets) throws SSLException {
        ByteBuffer aside = ByteBuffer.allocate(octets);
        SSLEngineResult result = unwrap(aside);
        opened = aside.flip();
        takeOpened(target);
        return result;
    }

    private SSLEngineResult unwrap(ByteBuffer target) throws SSLException {
        SSLEngineResult result = engine.unwrap(ByteBuffer.wrap(sealed, start, end - start), target);
        start += result.bytesConsumed();
        starved = start == end || result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW;
        return result;
    }

    /**
     * How long the record at the start is, as far as its header has come. What is no TLS at all
     * goes to the engine as it is, which tells so.
     */
    private int octetsNeeded() {
        if (end - start < HEADER_OCTETS) {
            return HEADER_OCTETS;
        }
        int type = sealed[start];
        int octets = HEADER_OCTETS + ((sealed[start + 3] & 0xff) << 8) + (sealed[start + 4] & 0xff);
        boolean isRecord =
                type >= 20 && type <= 24 && octets <= engine.getSession().getPacketBufferSize();
        return isRecord ? octets : HEADER_OCTETS;
    }

    private boolean fill(Deadline deadline) throws IOException {
        makeRoom();
        int count;
        try {
            count = plain.read(sealed, end, sealed.length - end, deadline);
        } catch (DeadlineExceeded e) {
            if (start == end && sealed.length > SMALL) {
                resize(SMALL);
            }
            throw e;
        }
        lastRead = Math.max(count, 0);
        end += lastRead;
        return count >= 0;
    }

    private void makeRoom() {
        int held = end - start;
        boolean wasFull = end == sealed.length && lastRead > 0;
        int needed = held == 0 ? SMALL : Math.max(octetsNeeded(), held + 1);
        if (held == 0 && lastRead <= SMALL / 2) {
            resize(SMALL);
        } else if (needed > sealed.length) {
            resize(needed);
        } else if (wasFull && sealed.length < LARGE) {
            resize(Math.min(LARGE, 2 * sealed.length));
        } else {
            resize(sealed.length);
        }
    }

    /** Moves what is held to the front of a buffer of this size. */
    private void resize(int octets) {
        byte[] target = sealed.length == octets ? sealed : new byte[octets];
        System.arraycopy(sealed, start, target, 0, end - start);
        sealed = target;
        end -= start;
        start = 0;
    }

    /** For tests: the memory held. */
    int octetsHeld() {
        return sealed.length + opened.capacity();
    }
}
