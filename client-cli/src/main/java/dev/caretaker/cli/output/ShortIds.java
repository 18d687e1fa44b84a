package dev.caretaker.cli.output;

import dev.caretaker.cli.terminal.Terminal;
import java.util.List;

/** As much of each id as tells a list of them apart, which commands take for the whole; in a pipe all of it. */
public final class ShortIds {
    private static final int SHORTEST = 8;

    private final int length;

    public ShortIds(Terminal terminal, List<String> ids) {
        int enough = terminal.isDisplay() ? SHORTEST : Integer.MAX_VALUE;
        while (enough < Integer.MAX_VALUE && beginnings(ids, enough) < beginnings(ids, Integer.MAX_VALUE)) {
            enough++;
        }
        length = enough;
    }

    public String of(String id) {
        return beginning(id, length);
    }

    private static long beginnings(List<String> ids, int length) {
        return ids.stream().map(id -> beginning(id, length)).distinct().count();
    }

    private static String beginning(String id, int length) {
        return id.substring(0, Math.min(length, id.length()));
    }
}
