package dev.caretaker.server.schedule;

import dev.caretaker.server.store.FireRow;
import java.util.ArrayList;
import java.util.List;

/** Rows of very many nominal times of one schedule at one target that came to nothing. */
public final class CondensedRows {
    /** So many have a row each; of more, those that follow each other and ended alike share one. */
    private static final int MOST_ROWS = 100;

    private CondensedRows() {}

    /** @param rows in order of time */
    public static List<FireRow> of(List<FireRow> rows) {
        if (rows.size() <= MOST_ROWS) {
            return rows;
        }
        List<FireRow> condensed = new ArrayList<>();
        for (FireRow row : rows) {
            if (!condensed.isEmpty() && condensed.getLast().outcome() == row.outcome()) {
                FireRow last = condensed.removeLast();
                condensed.add(last.upTo(row.nominal(), last.times() + 1));
            } else {
                condensed.add(row);
            }
        }
        return condensed;
    }
}
