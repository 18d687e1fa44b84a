package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.KeyLine;
import dev.caretaker.server.console.show.Timeline;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.TableUpkeep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A partition set and its table as it is now.
 *
 * @param listed what its target says; nothing if it did not answer
 * @param problem why it did not, a sentence; empty if it did
 * @param retired what was detached and is not gone
 * @param timeline empty if it did not answer, or there is no partition
 */
public record SetView(
        PartitionSet set,
        ListPartitionsResponse listed,
        String problem,
        List<RetiredPartition> retired,
        Optional<Timeline> timeline) {
    private static final int SHOWN = 200;

    static SetView of(
            PartitionSet set,
            ListPartitionsResponse listed,
            String problem,
            List<RetiredPartition> retired,
            Instant now) {
        Optional<Timeline> timeline = listed.getPartitionsList().stream().anyMatch(Partition::hasRange)
                ? Optional.of(Timeline.of(listed.getPartitionsList(), retired, KeyLine.of(set), now))
                : Optional.empty();
        return new SetView(set, listed, problem, retired, timeline);
    }

    public Optional<PartitionedTable> table() {
        return listed.getTablesList().stream().findFirst();
    }

    /** What its line is to who does not see it. */
    public String label() {
        long rows = table().map(PartitionedTable::getDefaultRows).orElse(0L);
        return "Partitions of " + set.getName()
                + (rows > 0 ? ", with ~" + Show.count(rows, "row", "rows") + " in the default partition" : "");
    }

    public Optional<TableUpkeep> upkeep() {
        return listed.getUpkeepList().stream()
                .filter(one -> one.getSet().equals(set.getName()))
                .findFirst();
    }

    /** What upkeep would do now. */
    public int due() {
        return upkeep().map(one -> one.getToCreate() + one.getToDetach() + one.getToDrop())
                .orElse(0);
    }

    /** The same: "6 to create, 1 to detach". */
    public String dueWords() {
        return upkeep().stream()
                .flatMap(one -> Stream.of(
                        words(one.getToCreate(), "create"),
                        words(one.getToDetach(), "detach"),
                        words(one.getToDrop(), "drop")))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String words(int number, String verb) {
        return number == 0 ? "" : number + " to " + verb;
    }

    /** The newest, by their bounds. */
    public List<Partition> shown() {
        List<Partition> all = listed.getPartitionsList();
        return all.subList(Math.max(0, all.size() - SHOWN), all.size()).reversed();
    }

    public int leftOut() {
        return Math.max(0, listed.getPartitionsCount() - SHOWN);
    }
}
