package org.posthouse.store;

import org.posthouse.core.Content;
import org.posthouse.store.MessageStore.LocalMail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One message as text of an mbox file: a From_ line, Return-Path, the content with lines that end
 * in LF, and an empty line. A content line that begins with {@code From }, or with that behind
 * {@code >}s, gets one more {@code >} (the "mboxrd" rule, which can be undone exactly).
 */
final class MboxText {
    private static final int BLOCK_OCTETS = 64 * 1024;
    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private final Out out;
    private final byte[] block = new byte[BLOCK_OCTETS];
    private int filled;

    /** Octets of {@code From } matched at this line's start; -1 when it can't match any more. */
    private int matched;

    /** A CR is held until it is known whether LF follows. */
    private boolean carriageReturn;

    private MboxText(Out out) {
        this.out = out;
    }

    /** Takes blocks of text. */
    interface Out {
        void write(ByteBuffer octets) throws IOException;
    }

    /**
     * Writes a message.
     *
     * @param newline first end a line that another program left open
     * @throws java.io.UncheckedIOException when the content can't be read
     */
    static void write(LocalMail mail, boolean newline, Out out) throws IOException {
        var text = new MboxText(out);
        if (newline) {
            text.put('\n');
        }
        text.plain(fromLine(mail));
        text.plain(MailCopy.returnPath(mail).replace("\r", ""));
        text.content(mail.content());
        text.put('\n');
        text.flush();
    }

    private static String fromLine(LocalMail mail) {
        String path = mail.reversePath().isNull() ? "MAILER-DAEMON" : mail.reversePath().address();
        return "From " + path.replace(' ', '_') + " " + DATE.format(mail.acceptedAt()) + "\n";
    }

    private void plain(String text) throws IOException {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            put(octet);
        }
    }

    private void content(Content content) throws IOException {
        var read = new byte[BLOCK_OCTETS];
        long octets = content.octets();
        int last = '\n';
        for (long position = 0; position < octets; ) {
            int count = content.read(position, read, 0, read.length);
            if (count < 0) {
                throw new IOException("the content ended after " + position + " octets");
            }
            for (int i = 0; i < count; i++) {
                step(read[i]);
            }
            last = read[count - 1];
            position += count;
        }
        endLine(last);
    }

    /** One octet of content. */
    private void step(int octet) throws IOException {
        if (carriageReturn && octet != '\n') {
            put('\r');
        }
        carriageReturn = octet == '\r';
        if (matched >= 0) {
            match(octet);
        } else if (!carriageReturn) {
            put(octet);
        }
        if (octet == '\n') {
            matched = 0;
        }
    }

    /** One octet where the line so far may become a From_ line. */
    private void match(int octet) throws IOException {
        if (octet == '>' && matched == 0) {
            put(octet);
            return;
        }
        if (octet == FROM[matched]) {
            matched++;
            if (matched < FROM.length) {
                return;
            }
            put('>');
            release();
            return;
        }
        release();
        if (!carriageReturn) {
            put(octet);
        }
    }

    /** Puts what was matched, which is no longer in doubt. */
    private void release() throws IOException {
        for (int i = 0; i < matched; i++) {
            put(FROM[i]);
        }
        matched = -1;
    }

    /** The content's last line may be open. */
    private void endLine(int last) throws IOException {
        if (matched > 0) {
            release();
        }
        if (carriageReturn) {
            put('\r');
        }
        if (last != '\n') {
            put('\n');
        }
    }

    private void put(int octet) throws IOException {
        block[filled++] = (byte) octet;
        if (filled == block.length) {
            flush();
        }
    }

    private void flush() throws IOException {
        out.write(ByteBuffer.wrap(block, 0, filled));
        filled = 0;
    }
}
