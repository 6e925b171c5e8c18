package org.posthouse.daemon.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the model and a file say of settings, for people and programs. Secrets are not shown. */
public final class Settings {
    /** Every section with the path that its keys have, in the order of the reference page. */
    private static final List<Place> PLACES = places();

    /** Characters of a list over several lines. */
    private static final int SHOWN_MAX = 300;

    private final String name;
    private final ConfigFile file;

    private Settings(String name, ConfigFile file) {
        this.name = name;
        this.file = file;
    }

    private record Place(String path, Section section) {}

    /**
     * A setting of the model.
     *
     * @param path such as {@code relay.clients}
     * @param header of its section, as it stands in a file; empty: the top of the file
     * @param form what its value looks like
     * @param fallback what holds without it, for people
     * @param doc a sentence or two
     * @param values where it is set, in the order of the file
     */
    public record Setting(
            String path,
            String header,
            String form,
            String fallback,
            String doc,
            List<Value> values) {
        /** Copies the list. */
        public Setting {
            values = List.copyOf(values);
        }
    }

    /**
     * A value in a file.
     *
     * @param table the name or number of its table; empty where there is but one
     * @param text as it is written, secrets hidden; of one over several lines the first, but of a
     *     plain list all
     * @param place such as {@code posthouse.toml:31}
     * @param digest the same for the same value, however it is laid out
     */
    public record Value(String table, String text, String place, String digest) {}

    private static List<Place> places() {
        var places = new ArrayList<Place>();
        for (Section section : Model.SECTIONS) {
            if (section.built()) {
                places.add(new Place(section.name(), section));
            }
            if (section.equals(OutboundKeys.ROUTE)) {
                places.add(new Place("route.hosts", HostKeys.SECTION));
                places.add(new Place("route.sources", SourceKeys.SECTION));
                places.add(new Place("route.auth", OutLoginKeys.SECTION));
            }
            if (section.equals(ExpectKeys.EXPECT)) {
                places.add(new Place("expect.ask", ExpectKeys.ASK_SECTION));
                places.add(new Place("expect.answer", ExpectKeys.ANSWER_SECTION));
            }
        }
        return List.copyOf(places);
    }

    static Settings of(Loaded loaded) {
        Path last = Path.of(loaded.name()).getFileName();
        return new Settings(last == null ? loaded.name() : last.toString(), loaded.file());
    }

    /** The file is TOML: nothing that it says is missing here. */
    public boolean isWhole() {
        return file.isWellFormed();
    }

    /** Those of the model, without a file. */
    public static Settings ofModel() {
        return new Settings("", ConfigFile.parse("", Path.of("."), Map.of()));
    }

    /** With the values of a file, right or wrong. */
    public static Settings of(Path path, Map<String, String> environment) {
        Path last = path.getFileName();
        String name = last == null ? path.toString() : last.toString();
        return new Settings(name, Loaded.load(path, environment).file());
    }

    /** All of them. */
    public List<Setting> all() {
        var settings = new ArrayList<Setting>();
        for (Place place : PLACES) {
            for (Key<?> key : place.section().keys()) {
                settings.add(setting(place, key));
            }
        }
        return settings;
    }

    /**
     * Those that are meant by a path: all of it, with or without the name of a table, or the key
     * alone.
     */
    public List<Setting> find(String path) {
        String wanted = path.replaceFirst("^(listener)\\.[^.]+\\.", "$1.");
        List<Setting> exact = all().stream().filter(s -> s.path().equals(wanted)).toList();
        return exact.isEmpty()
                ? all().stream().filter(s -> keyOf(s.path()).equals(wanted)).toList()
                : exact;
    }

    /** What was perhaps meant by a path that means nothing. */
    public Optional<String> suggestion(String path) {
        List<String> paths = all().stream().map(Setting::path).toList();
        return Suggestion.of(path, paths)
                .or(() -> Suggestion.of(path, paths.stream().map(Settings::keyOf).toList()));
    }

    private static String keyOf(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private Setting setting(Place place, Key<?> key) {
        Section section = place.section();
        return new Setting(
                place.path().isEmpty() ? key.name() : place.path() + "." + key.name(),
                section.header(),
                key.type().form(),
                key.fallback(),
                key.doc(),
                values(section, key));
    }

    private List<Value> values(Section section, Key<?> key) {
        List<Table> tables = file.all(section);
        var values = new ArrayList<Value>();
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            boolean isNumbered = section.shape() == Section.Shape.LIST;
            if (table.has(key)) {
                Span span = table.spanOf(key);
                values.add(
                        new Value(
                                isNumbered ? Integer.toString(i + 1) : table.name(),
                                shown(text(key, span), table.written(key)),
                                name + ":" + span.line(),
                                digest(table.written(key))));
            }
        }
        return values;
    }

    /** A list over several lines is shown in one; never tables, which may hold secrets. */
    private static String shown(String text, String written) {
        boolean isCut = written.startsWith("[") && !text.endsWith("]");
        return isCut && written.indexOf('{') < 0 ? inOneLine(written) : text;
    }

    private static String inOneLine(String list) {
        String line = list.replaceAll("\\s*\\n\\s*", " ").replace("[ ", "[").replace(" ]", "]");
        return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "…";
    }

    private static String digest(String written) {
        try {
            byte[] octets = written.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The text of a value; what a secret's key has is shown only where it says where it is. */
    private String text(Key<?> key, Span span) {
        String line = file.context().source().line(span.line());
        int from = Math.min(line.length(), span.column() - 1);
        int to = Math.min(line.length(), from + span.length());
        String prefix = key.name() + " = ";
        return Report.masked(prefix + line.substring(from, to)).substring(prefix.length());
    }
}
