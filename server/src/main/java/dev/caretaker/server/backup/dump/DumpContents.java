package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.backup.FoundTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of contents of an archive, as {@code pg_restore --list} prints it: {@code 3456; 0 16385 TABLE DATA shop customer owner}.
 *
 * @param rows oid of a table: number of the entry that holds its rows
 * @param entries how many there are
 */
record DumpContents(Map<Long, Integer> rows, int entries) {
    private static final Pattern LINE = Pattern.compile("(\\d+); (\\d+) (\\d+) (.*)");

    static DumpContents read(String list) {
        Map<Long, Integer> rows = new HashMap<>();
        int entries = 0;
        for (String line : list.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                entries++;
                if (matcher.group(4).startsWith("TABLE DATA ")) {
                    rows.put(Long.parseLong(matcher.group(3)), Integer.parseInt(matcher.group(1)));
                }
            }
        }
        return new DumpContents(rows, entries);
    }

    /** Those of tables, as the manifest has them. */
    List<Dumped.Entry> of(List<FoundTable> tables) {
        List<Dumped.Entry> found = new ArrayList<>();
        for (FoundTable table : tables) {
            Integer number = rows.get(table.oid());
            if (number != null) {
                found.add(new Dumped.Entry(table.name(), number));
            }
        }
        return found;
    }
}
