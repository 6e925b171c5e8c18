package org.posthouse.daemon;

import org.posthouse.core.SpoolId;
import org.posthouse.spool.ContentGap;
import org.posthouse.spool.InspectedMessage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The two files of an exported message. Only their owner may read them: mail is private.
 *
 * @param content as it would be delivered
 * @param envelope all else
 */
record MessageFiles(Path content, Path envelope) {
    private static final String CONTENT = ".eml";
    private static final String ENVELOPE = ".json";
    private static final int BUFFER_OCTETS = 1 << 16;

    /** Named after the message, in a folder. */
    static MessageFiles in(Path folder, SpoolId id) {
        return of(folder.resolve(id.toString()));
    }

    /** With the name that was given; that of a folder: named after the message. */
    static MessageFiles named(Optional<String> output, SpoolId id) {
        String name = output.orElse("");
        Path path = Path.of(name);
        if (name.isEmpty() || name.endsWith("/") || Files.isDirectory(path)) {
            return in(path, id);
        }
        String plain =
                name.endsWith(CONTENT) ? name.substring(0, name.length() - CONTENT.length()) : name;
        return of(Path.of(plain));
    }

    private static MessageFiles of(Path name) {
        return new MessageFiles(Path.of(name + CONTENT), Path.of(name + ENVELOPE));
    }

    /** Makes the files; what could not be finished does not stay. */
    List<ContentGap> write(InspectedMessage message) throws IOException {
        Path folder = content.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (OutputStream out = create(content)) {
            boolean written = false;
            try {
                List<ContentGap> gaps = message.writeTo(out);
                out.flush();
                writeEnvelope(SpoolJson.message(message, gaps));
                written = true;
                return gaps;
            } finally {
                if (!written) {
                    Files.delete(content);
                }
            }
        }
    }

    private void writeEnvelope(String json) throws IOException {
        try (OutputStream out = create(envelope)) {
            boolean written = false;
            try {
                out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                written = true;
            } finally {
                if (!written) {
                    Files.delete(envelope);
                }
            }
        }
    }

    private static OutputStream create(Path file) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attributes);
        return new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_OCTETS);
    }
}
