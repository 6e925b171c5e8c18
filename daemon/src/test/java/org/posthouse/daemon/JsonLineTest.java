package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class JsonLineTest {
    @Test
    void membersComeInTheirOrder() {
        String line =
                JsonLine.of(
                        json -> {
                            json.text("text", "a");
                            json.number("number", -1);
                            json.flag("flag", true);
                            json.nothing("nothing");
                            json.object("object", part -> part.number("x", 1).number("y", 2));
                            json.object("empty", part -> {});
                            json.texts("texts", List.of("a", "b"));
                            json.numbers("numbers", List.of(1, 2));
                            json.objects(
                                    "objects", List.of(7, 8), (part, n) -> part.number("n", n));
                            json.texts("none", List.of());
                        });
        assertThat(line)
                .isEqualTo(
                        "{\"text\":\"a\",\"number\":-1,\"flag\":true,\"nothing\":null,"
                                + "\"object\":{\"x\":1,\"y\":2},\"empty\":{},"
                                + "\"texts\":[\"a\",\"b\"],\"numbers\":[1,2],"
                                + "\"objects\":[{\"n\":7},{\"n\":8}],\"none\":[]}");
    }

    /** Values come from strangers. */
    @Test
    void allButPrintableAsciiIsEscaped() {
        String value = "\"\\\n\r\t\0\33[31m\u007f\u009bü\u2028\ud83d\ude00\ud800";
        assertThat(JsonLine.of(json -> json.text("x", value)))
                .isEqualTo(
                        "{\"x\":\"\\\"\\\\\\n\\r\\t\\u0000\\u001b[31m\\u007f\\u009b\\u00fc\\u2028"
                                + "\\ud83d\\ude00\\ud800\"}");
    }
}
