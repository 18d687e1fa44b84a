package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.backup.FoundTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of contents of an archive, as {@code pg_restore --list} prints it, a line an entry.
 *
 * @param entries in their order, in which one needs none behind it
 */
record DumpContents(List<TocEntry> entries) {

    static DumpContents read(String list) {
        List<TocEntry> entries = new ArrayList<>();
        for (String line : list.lines().toList()) {
            TocEntry entry = TocEntry.read(line);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return new DumpContents(List.copyOf(entries));
    }

    /** Those that hold rows of tables, as the manifest has them. */
    List<Dumped.Entry> of(List<FoundTable> tables) {
        Map<Long, Integer> rows = new HashMap<>();
        entries.stream().filter(TocEntry::isRows).forEach(entry -> rows.put(entry.oid(), entry.number()));
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
