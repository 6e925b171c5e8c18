package org.posthouse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The listed exceptions: lines of rule, place and reason. */
final class Exceptions {
    private record Entry(String rule, String place) {}

    private final List<Entry> entries;

    private Exceptions(List<Entry> entries) {
        this.entries = entries;
    }

    static Exceptions listed() {
        try (InputStream in = Exceptions.class.getResourceAsStream("/exceptions.txt")) {
            return parse(
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Exceptions parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 3);
            if (words.length < 3) {
                throw new IllegalArgumentException(
                        "an exception needs a rule, a place and a reason: " + line);
            }
            entries.add(new Entry(words[0], words[1]));
        }
        return new Exceptions(entries);
    }

    /**
     * Fails if there are findings of these rules that are not listed, or listed ones that were not
     * found.
     */
    void check(Set<String> rules, List<Finding> findings) {
        List<String> faults = new ArrayList<>();
        for (Finding finding : findings) {
            assertThat(rules).contains(finding.rule());
            if (!entries.contains(new Entry(finding.rule(), finding.place()))) {
                faults.add(finding.toString());
            }
        }
        for (Entry entry : entries) {
            boolean needed =
                    findings.stream()
                            .anyMatch(
                                    finding ->
                                            finding.rule().equals(entry.rule())
                                                    && finding.place().equals(entry.place()));
            if (rules.contains(entry.rule()) && !needed) {
                faults.add(
                        "stale exception, nothing needs it: " + entry.rule() + " " + entry.place());
            }
        }
        assertThat(faults).isEmpty();
    }

    List<String> rules() {
        return entries.stream().map(Entry::rule).toList();
    }
}
