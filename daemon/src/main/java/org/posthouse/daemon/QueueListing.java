package org.posthouse.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads lists of deliveries from a running daemon, page by page. */
final class QueueListing {
    private static final int PAGE = QueueControl.CHANGES_MAX;

    private QueueListing() {}

    /** A page. */
    interface Pages {
        /** Takes one; with an empty list when a part of the queue held none. */
        void take(List<Map<String, Object>> deliveries) throws IOException;
    }

    /**
     * Asks for deliveries until there are no more.
     *
     * @param members of the request
     * @param limit the most that are asked for
     * @return the last answer: `next` is empty when all were read; not `ok` when it went wrong
     */
    static Map<String, Object> read(
            ControlClient daemon, Consumer<JsonLine> members, long limit, Pages pages)
            throws IOException {
        long left = limit;
        String after = "";
        while (true) {
            var page = new ArrayList<Map<String, Object>>();
            String behind = after;
            long max = Math.min(left, PAGE);
            Map<String, Object> last =
                    daemon.ask(
                            "list",
                            json -> {
                                members.accept(json);
                                json.text("after", behind).number("max", max);
                            },
                            ControlCommand.ANSWER_WITHIN,
                            page::add);
            if (!ControlCommand.isOk(last)) {
                return last;
            }
            pages.take(page);
            left -= page.size();
            after = ControlCommand.text(last, "next");
            if (after.isEmpty() || left <= 0) {
                return last;
            }
        }
    }
}
