package org.posthouse.store;

import org.posthouse.core.Content;
import org.posthouse.platform.DiskFile;
import org.posthouse.store.MessageStore.LocalMail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message as it is kept: a Return-Path field (RFC 5321 section 4.4), then the content, octet for
 * octet.
 */
final class MailCopy {
    /** Written at once; a message up to this size takes one write. */
    private static final int BLOCK_OCTETS = 64 * 1024;

    private final byte[] returnPath;
    private final Content content;

    MailCopy(LocalMail mail) {
        returnPath = returnPath(mail).getBytes(StandardCharsets.UTF_8);
        content = mail.content();
    }

    static String returnPath(LocalMail mail) {
        return "Return-Path: <" + mail.reversePath().address() + ">\r\n";
    }

    long octets() {
        return returnPath.length + content.octets();
    }

    /**
     * Writes it all, from the file's start.
     *
     * @throws java.io.UncheckedIOException when the content can't be read
     */
    void writeTo(DiskFile file) throws IOException {
        long contentOctets = content.octets();
        var block = new byte[(int) Math.min(octets(), returnPath.length + BLOCK_OCTETS)];
        System.arraycopy(returnPath, 0, block, 0, returnPath.length);
        int filled = returnPath.length;
        long read = 0;
        long written = 0;
        while (read < contentOctets) {
            int count = content.read(read, block, filled, block.length - filled);
            if (count < 0) {
                throw new IOException("the content ended after " + read + " octets");
            }
            read += count;
            filled += count;
            if (filled == block.length) {
                file.write(ByteBuffer.wrap(block), written);
                written += filled;
                filled = 0;
            }
        }
        if (filled > 0) {
            file.write(ByteBuffer.wrap(block, 0, filled), written);
        }
    }
}
