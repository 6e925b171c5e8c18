package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The new messages of one Maildir, read as any mail program would. */
final class Maildir {
    private final Path folder;

    Maildir(Path folder) {
        this.folder = folder;
    }

    /** Waits until there are so many; returns them. */
    List<String> await(int count, Supplier<String> detail) {
        Await.until(
                count + " messages in " + folder,
                Await.LONG,
                () -> files().size() >= count,
                () -> files().size() + " are there\n" + detail.get());
        return messages();
    }

    /** All messages, octets as characters. */
    List<String> messages() {
        return files().stream().map(Maildir::text).toList();
    }

    List<Path> files() {
        Path fresh = folder.resolve("new");
        if (!Files.isDirectory(fresh)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(fresh)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is left without our trace fields: a Return-Path and one Received field in front.
     *
     * @throws AssertionError when these are not there
     */
    static String withoutTrace(String message) {
        String rest = afterField(message, "Return-Path: ");
        return afterField(rest, "Received: ");
    }

    /** What is left without the Received field in front. */
    static String withoutReceived(String message) {
        return afterField(message, "Received: ");
    }

    private static String afterField(String text, String name) {
        if (!text.startsWith(name)) {
            throw new AssertionError("no " + name + "in front of\n" + text);
        }
        int end = text.indexOf("\r\n");
        while (end >= 0 && end + 2 < text.length() && " \t".indexOf(text.charAt(end + 2)) >= 0) {
            end = text.indexOf("\r\n", end + 2);
        }
        return text.substring(end + 2);
    }
}
