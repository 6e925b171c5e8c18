package org.posthouse.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What reading a file needs from around it, and what it found. */
final class Context {
    private final Path folder;
    private final Map<String, String> environment;
    private final SourceText source;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * For one file.
     *
     * @param folder relative paths start here
     */
    Context(Path folder, Map<String, String> environment, SourceText source) {
        this.folder = folder;
        this.environment = environment;
        this.source = source;
    }

    Path resolve(String path) {
        return folder.resolve(path).normalize();
    }

    /** An environment variable; empty when it is not set. */
    String environment(String name) {
        return environment.getOrDefault(name, "");
    }

    SourceText source() {
        return source;
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    void add(Span span, String code, String title, String note) {
        problems.add(Problem.at(span, code, title, note));
    }

    /** A key that makes no sense beside the others. */
    void only(Table table, Key<?> key, boolean fits, String note) {
        if (!fits && table.has(key)) {
            String title = "`" + key.name() + "` would do nothing here";
            add(table.keySpanOf(key), Codes.MISMATCH, title, note);
        }
    }

    /** A key that has to be there. */
    void missing(Table table, Key<?> key, String note) {
        add(table.header(), Codes.MISSING, "`" + key.name() + "` is missing", note);
    }

    List<Problem> problems() {
        return problems;
    }
}
