package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.random.RandomGenerator;

class SuggestionTest {
    @ParameterizedTest
    @CsvSource({
        "hostname, hostname, 0",
        "hostnam, hostname, 1",
        "hostnmae, hostname, 1",
        "hstnam, hostname, 2",
        "'', ab, 2",
        "max_conections, max_connections, 1",
        "clinet, clients, 2",
        "bind, port, 4",
    })
    void editsAreCounted(String a, String b, int edits) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(edits);
        assertThat(Suggestion.distance(b, a)).isEqualTo(edits);
    }

    /** Every key, with one or two random edits, is found again unless another one is as near. */
    @Test
    void everyKeyIsFoundWithinTwoEdits() {
        var random = RandomGenerator.of("L64X128MixRandom");
        for (Section section : Model.SECTIONS) {
            List<String> names = section.keys().stream().<String>map(Key::name).toList();
            for (String name : names) {
                for (int i = 0; i < 200; i++) {
                    String written = edited(edited(name, random), random);
                    int edits = Suggestion.distance(written, name);
                    boolean nearest =
                            names.stream()
                                    .allMatch(
                                            other ->
                                                    other.equals(name)
                                                            || Suggestion.distance(written, other)
                                                                    > edits);
                    if (nearest && edits < name.length()) {
                        assertThat(Suggestion.of(written, names)).as(written).contains(name);
                    }
                }
            }
        }
    }

    @Test
    void whatIsFarOffIsNotSuggested() {
        assertThat(Suggestion.of("colour", List.of("bind", "tls", "auth"))).isEmpty();
        assertThat(Suggestion.of("xx", List.of("to"))).isEmpty();
    }

    private static String edited(String name, RandomGenerator random) {
        int at = random.nextInt(name.length());
        char letter = (char) ('a' + random.nextInt(26));
        return switch (random.nextInt(3)) {
            case 0 -> name.substring(0, at) + name.substring(at + 1);
            case 1 -> name.substring(0, at) + letter + name.substring(at);
            default -> name.substring(0, at) + letter + name.substring(at + 1);
        };
    }
}
