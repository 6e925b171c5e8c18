package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that are kept in files. {@code -Dposthouse.golden=write} writes them anew. */
public final class Golden {
    private Golden() {}

    /** Compares a text with what the file holds. */
    public static void check(String file, String text) throws IOException {
        Path path = Path.of(System.getProperty("posthouse.root", ".."), file);
        if (System.getProperty("posthouse.golden", "").equals("write")) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }
        assertThat(text).isEqualTo(Files.readString(path));
    }
}
