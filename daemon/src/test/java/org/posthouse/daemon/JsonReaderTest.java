package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class JsonReaderTest {
    @Test
    void readsWhatItWrites() {
        String text =
                JsonLine.of(
                        json ->
                                json.number("v", 1)
                                        .text("do", "a \"b\" \\ \n ü")
                                        .flag("yes", true)
                                        .nothing("no")
                                        .texts("list", List.of("x", "y"))
                                        .object("in", in -> in.number("n", -7)));
        Map<String, Object> read = JsonReader.object(text);
        assertThat(read)
                .containsEntry("v", 1L)
                .containsEntry("do", "a \"b\" \\ \n ü")
                .containsEntry("yes", true)
                .containsEntry("no", Optional.empty())
                .containsEntry("list", List.of("x", "y"))
                .containsEntry("in", Map.of("n", -7L));
        assertThat(JsonLine.of(json -> json.members(read))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{",
                "{}}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":1.5}",
                "{\"a\":nul}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"b}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":9999999999999999999}",
                "{'a':1}",
                "{\"a\":[1,]}",
                "{\"a\":1} x"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> JsonReader.object(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void depthIsBounded() {
        String deep = "{\"a\":" + "[".repeat(JsonReader.DEPTH_MAX + 1);
        assertThatThrownBy(() -> JsonReader.object(deep)).hasMessageContaining("less depth");
    }

    @Test
    void rubbishNeverBreaksIt() {
        var random = new Random(3);
        String letters = "{}[]\":,\\u0123tfn a-";
        for (int round = 0; round < 100_000; round++) {
            var text = new StringBuilder("{\"a\":");
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                assertThat(JsonReader.object(text.toString())).hasSize(1);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("JSON");
            }
        }
    }
}
