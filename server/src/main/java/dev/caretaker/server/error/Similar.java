package dev.caretaker.server.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant who wrote a name that does not exist. */
public final class Similar {
    /** Beyond that many names the search would take longer than it is worth. */
    private static final int MOST = 10_000;

    private Similar() {}

    /** The name that is so close that it is worth a question: at most a third of it, and two letters, written differently. */
    public static Optional<String> to(String wanted, Collection<String> known) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        int allowed = Math.min(2, Math.max(1, wanted.length() / 3));
        return known.stream()
                .limit(MOST)
                .filter(name -> !name.equals(wanted) && Math.abs(name.length() - wanted.length()) <= allowed)
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= allowed)
                .min(Comparator.comparingInt((String name) -> distance(lower, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code ; did you mean "orders"?} or nothing. */
    public static String question(String wanted, Collection<String> known) {
        return to(wanted, known).map(name -> "; did you mean \"" + name + "\"?").orElse("");
    }

    /** Letters inserted, left out, replaced, or swapped with their neighbour (the distance of Damerau and Levenshtein). */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int best = Math.min(steps[i - 1][j] + 1, steps[i][j - 1] + 1);
                best = Math.min(best, steps[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, steps[i - 2][j - 2] + 1);
                }
                steps[i][j] = best;
            }
        }
        return steps[a.length()][b.length()];
    }
}
