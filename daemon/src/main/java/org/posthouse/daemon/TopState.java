package org.posthouse.daemon;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the live view shows.
 *
 * @param whole the last line of the daemon's answer
 * @param before that of the answer before; the same at the start
 * @param rows destinations, or sessions where these are looked at
 * @param view which part is looked at
 * @param selected the row that keys are about
 * @param filter which destinations are shown; empty for all
 * @param said what the last key came to, or what is being typed
 */
record TopState(
        Map<String, Object> whole,
        Map<String, Object> before,
        List<Map<String, Object>> rows,
        View view,
        int selected,
        String filter,
        String said) {
    /** A part of the view. */
    enum View {
        OVERVIEW,
        DESTINATIONS,
        SESSIONS,
        HEAT_MAP
    }

    /** Copies the list; a row that is gone can't be selected. */
    TopState {
        rows = List.copyOf(rows);
        selected = Math.clamp(selected, 0, Math.max(0, rows.size() - 1));
    }

    static TopState of(Map<String, Object> whole, List<Map<String, Object>> rows) {
        return new TopState(whole, whole, rows, View.OVERVIEW, 0, "", "");
    }

    /** The next answer. */
    TopState with(Map<String, Object> next, List<Map<String, Object>> nextRows) {
        return new TopState(next, whole, nextRows, view, selected, filter, said);
    }

    TopState viewing(View other) {
        return new TopState(whole, before, rows, other, selected, filter, said);
    }

    TopState selecting(int row) {
        return new TopState(whole, before, rows, view, row, filter, said);
    }

    TopState filtering(String text) {
        return new TopState(whole, before, rows, view, 0, text, said);
    }

    TopState saying(String text) {
        return new TopState(whole, before, rows, view, selected, filter, text);
    }

    /** The destination that keys are about. */
    Optional<Map<String, Object>> row() {
        return rows.isEmpty() || view == View.SESSIONS
                ? Optional.empty()
                : Optional.of(rows.get(selected));
    }
}
