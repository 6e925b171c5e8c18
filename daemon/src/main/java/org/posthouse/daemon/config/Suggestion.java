package org.posthouse.daemon.config;

import java.util.Collection;
import java.util.Optional;

/** The name that was meant: the nearest one within two edits. */
final class Suggestion {
    private static final int EDITS_MAX = 2;

    private Suggestion() {}

    static Optional<String> of(String written, Collection<String> known) {
        String nearest = "";
        int fewest = EDITS_MAX + 1;
        for (String name : known) {
            int edits = distance(written, name);
            if (edits < fewest && edits < name.length()) {
                fewest = edits;
                nearest = name;
            }
        }
        return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
    }

    /** Insertions, deletions, changes and swaps of neighbours ("optimal string alignment"). */
    static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                rows[i][j] = i == 0 || j == 0 ? i + j : cheapest(rows, a, b, i, j);
            }
        }
        return rows[a.length()][b.length()];
    }

    private static int cheapest(int[][] rows, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best =
                Math.min(rows[i - 1][j - 1] + change, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
    }
}
