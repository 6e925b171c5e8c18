package org.posthouse.daemon.config;

import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads the keys of one table by its section of the model. */
final class TableReader {
    private TableReader() {}

    /** Reads all keys but those that {@code skipped} names. */
    static Table read(Section section, String name, TomlTable toml, Span header, Context context) {
        Map<Key<?>, Table.Entry> entries = new LinkedHashMap<>();
        for (String written : toml.keySet()) {
            TomlPosition at = Objects.requireNonNull(toml.inputPositionOf(List.of(written)));
            Object value = Objects.requireNonNull(toml.get(List.of(written)));
            Optional<Key<?>> key = find(section, written);
            if (key.isPresent()) {
                entries.put(key.get(), entry(key.get(), value, at, context));
            } else if (section.shape() != Section.Shape.ROOT || Model.section(written).isEmpty()) {
                unknown(section, written, at, context);
            }
        }
        return new Table(name, header, entries);
    }

    private static Table.Entry entry(Key<?> key, Object value, TomlPosition at, Context context) {
        Span keySpan = context.source().key(at);
        Span valueSpan = context.source().valueOf(at);
        var raw = new RawValue(key.name(), value, valueSpan, context);
        return new Table.Entry(key.type().reader().read(raw), keySpan, valueSpan, written(value));
    }

    private static String written(Object value) {
        return switch (value) {
            case TomlArray list -> list.toJson();
            case TomlTable table -> table.toJson();
            default -> value.getClass().getSimpleName() + " " + value;
        };
    }

    private static Optional<Key<?>> find(Section section, String written) {
        for (Key<?> key : section.keys()) {
            if (key.name().equals(written)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    private static void unknown(Section section, String written, TomlPosition at, Context context) {
        boolean root = section.shape() == Section.Shape.ROOT;
        List<String> names = section.keys().stream().<String>map(Key::name).toList();
        String title =
                root
                        ? "`" + written + "` is not a setting or a section"
                        : "`" + written + "` is not a setting of " + section.noun();
        String note =
                Suggestion.of(written, names)
                        .map(meant -> didYouMean(section, meant))
                        .orElseGet(() -> root ? sectionMeant(written) : elsewhere(written));
        context.add(
                context.source().key(at),
                root && isHeader(context, at) ? Codes.UNKNOWN_SECTION : Codes.UNKNOWN_KEY,
                title,
                note);
    }

    private static boolean isHeader(Context context, TomlPosition at) {
        Span span = context.source().key(at);
        return context.source().line(span.line()).startsWith("[", span.column() - 1);
    }

    private static String didYouMean(Section section, String meant) {
        String fallback = find(section, meant).map(Key::fallback).orElse("");
        String now = fallback.isEmpty() ? "" : " (now " + fallback + ", the default)";
        return "did you mean `" + meant + "`?" + now;
    }

    private static String sectionMeant(String written) {
        return Suggestion.of(written, Model.sectionNames())
                .flatMap(Model::section)
                .map(section -> "did you mean `" + section.header() + "`?")
                .orElseGet(() -> elsewhere(written));
    }

    /** The right key in the wrong place. */
    private static String elsewhere(String written) {
        for (Section section : Model.SECTIONS) {
            boolean there = section.keys().stream().anyMatch(k -> k.name().equals(written));
            if (there) {
                String place = section.header();
                return place.isEmpty()
                        ? "it goes to the top of the file, before the first section"
                        : "it is a setting of " + place;
            }
        }
        return "";
    }
}
