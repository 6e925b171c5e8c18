package org.posthouse.daemon.config;

import java.nio.file.Path;
import java.util.Map;

/** Reads configurations in tests. */
final class Checking {
    /** A listener, so that nothing is missing. */
    static final String LISTENER = "[listener.in]\nbind = \"127.0.0.1:0\"\n";

    private Checking() {}

    static Loaded load(String text, Path folder) {
        return Loaded.check("posthouse.toml", text, folder, Map.of("RELAY_PASSWORD", "hush"));
    }

    static Loaded load(String text) {
        return load(text, Path.of("/etc/posthouse"));
    }

    /** What is written about a text; empty when it is fine. */
    static String report(String text) {
        return load(text).report();
    }

    /** The codes in the order of the file. */
    static String codes(String text) {
        var codes = new StringBuilder();
        report(text)
                .lines()
                .filter(line -> line.startsWith("error["))
                .forEach(line -> codes.append(codes.isEmpty() ? "" : " ").append(line, 6, 13));
        return codes.toString();
    }
}
