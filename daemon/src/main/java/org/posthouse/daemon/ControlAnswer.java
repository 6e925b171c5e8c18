package org.posthouse.daemon;

import java.util.List;
import java.util.function.Consumer;

/**
 * An answer of the control socket.
 *
 * @param lines JSON objects that come first
 * @param last the last line, which says how it went
 */
record ControlAnswer(List<String> lines, String last) {
    /** It went well; with more members. */
    static ControlAnswer ok(Consumer<JsonLine> more) {
        return new ControlAnswer(List.of(), end(true, more));
    }

    /**
     * It did not.
     *
     * @param code stable, with a page of help
     */
    static ControlAnswer no(String code, String text) {
        return no(code, text, json -> {});
    }

    /** The same, with more members. */
    static ControlAnswer no(String code, String text, Consumer<JsonLine> more) {
        return new ControlAnswer(
                List.of(),
                end(
                        false,
                        json -> {
                            json.text("code", code).text("text", text);
                            more.accept(json);
                        }));
    }

    private static String end(boolean ok, Consumer<JsonLine> more) {
        return JsonLine.of(
                json -> {
                    json.number("v", ControlSocket.VERSION).flag("ok", ok);
                    more.accept(json);
                });
    }
}
