package org.posthouse.daemon.config;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A configuration file as it was read: the tables of every section, and all that is wrong. */
final class ConfigFile {
    private final Context context;
    private final Map<Section, List<Table>> tables = new LinkedHashMap<>();
    private boolean wellFormed;

    private ConfigFile(Context context) {
        this.context = context;
    }

    /** Reads a text; relative paths start at the folder. */
    static ConfigFile parse(String text, Path folder, Map<String, String> environment) {
        var file = new ConfigFile(new Context(folder, environment, new SourceText(text)));
        TomlParseResult toml = parse(text);
        if (toml == null) {
            file.context.add(
                    Span.FILE,
                    Codes.SYNTAX,
                    "this is not TOML",
                    "no line of it can be made sense of");
            return file;
        }
        file.wellFormed = !toml.hasErrors();
        for (TomlParseError error : toml.errors()) {
            file.syntax(error);
        }
        file.read(toml);
        return file;
    }

    /** Null for the few texts over which the parser itself breaks; they are never TOML. */
    private static @Nullable TomlParseResult parse(String text) {
        try {
            return Toml.parse(text);
        } catch (RuntimeException | AssertionError e) {
            return null;
        }
    }

    /** The tables of a section, in the order of the file. */
    List<Table> all(Section section) {
        return tables.getOrDefault(section, List.of());
    }

    /** The one table of a section; an empty one when it is not written. */
    Table one(Section section) {
        List<Table> found = all(section);
        return found.isEmpty() ? new Table("", Span.FILE, Map.of()) : found.getFirst();
    }

    /** False when it is not even TOML: then tables may miss what the file holds. */
    boolean isWellFormed() {
        return wellFormed;
    }

    Context context() {
        return context;
    }

    private void syntax(TomlParseError error) {
        Span span = context.source().value(error.position());
        context.add(span, Codes.SYNTAX, "this is not TOML", String.valueOf(error.getMessage()));
    }

    private void read(TomlTable root) {
        add(Model.ROOT, TableReader.read(Model.ROOT, "", root, Span.FILE, context));
        for (Section section : Model.SECTIONS) {
            Object value =
                    section.shape() == Section.Shape.ROOT
                            ? null
                            : root.get(List.of(section.name()));
            if (value != null) {
                TomlPosition at =
                        Objects.requireNonNull(root.inputPositionOf(List.of(section.name())));
                read(section, value, context.source().key(at));
            }
        }
    }

    private void read(Section section, Object value, Span header) {
        if (!section.built()) {
            context.add(
                    header,
                    Codes.NOT_BUILT,
                    "`" + section.header() + "` is not built yet",
                    "this version would not do what it says, so it does not take it");
            return;
        }
        switch (section.shape()) {
            case NAMED -> {
                if (value instanceof TomlTable named) {
                    readNamed(section, named);
                    return;
                }
            }
            case LIST -> {
                if (value instanceof TomlArray list && allTables(list)) {
                    readList(section, list);
                    return;
                }
            }
            default -> {
                if (value instanceof TomlTable table) {
                    add(section, TableReader.read(section, "", table, header, context));
                    return;
                }
            }
        }
        shape(section, header);
    }

    private void readNamed(Section section, TomlTable named) {
        for (String name : named.keySet()) {
            Span header =
                    context.source()
                            .key(Objects.requireNonNull(named.inputPositionOf(List.of(name))));
            if (named.get(List.of(name)) instanceof TomlTable table) {
                add(section, TableReader.read(section, name, table, header, context));
            } else {
                shape(section, header);
            }
        }
    }

    private void readList(Section section, TomlArray list) {
        for (int i = 0; i < list.size(); i++) {
            Span header = context.source().key(list.inputPositionOf(i));
            if (list.get(i) instanceof TomlTable table) {
                add(section, TableReader.read(section, "", table, header, context));
            }
        }
    }

    private static boolean allTables(TomlArray list) {
        return list.toList().stream().allMatch(TomlTable.class::isInstance);
    }

    private void shape(Section section, Span header) {
        context.add(
                header,
                Codes.SHAPE,
                "`" + section.name() + "` is written another way",
                "write `" + section.header() + "`");
    }

    private void add(Section section, Table table) {
        tables.computeIfAbsent(section, s -> new ArrayList<>()).add(table);
    }
}
