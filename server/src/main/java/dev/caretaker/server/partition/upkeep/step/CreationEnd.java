package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a creation says at its end. */
final class CreationEnd {
    /** Refusals that are told one by one. */
    private static final int MOST_TOLD = 3;

    private CreationEnd() {}

    /** All are there. */
    static String done(PartitionCreation order, CreationMemory memory) {
        List<NewPartition> all = order.partitions();
        if (all.size() == 1) {
            String range = all.getFirst().range();
            return (memory.created() == 1 ? "Created " : "Exists already ") + range + ".";
        }
        if (memory.created() == 0) {
            return "All " + all.size() + " partitions exist already.";
        }
        int existed = all.size() - memory.created();
        return "Created " + memory.created() + " partitions" + range(all)
                + (existed == 0 ? "." : "; " + existed + " existed already.");
    }

    /** What they cover together, if there is no hole between them. */
    private static String range(List<NewPartition> all) {
        for (int i = 1; i < all.size(); i++) {
            if (!all.get(i).from().equals(all.get(i - 1).to())) {
                return "";
            }
        }
        return ", from " + all.getFirst().from().orElseThrow() + " to "
                + all.getLast().to().orElseThrow();
    }

    /** Some could not be made. */
    static CaretakerException refused(PartitionCreation order, CreationMemory memory) {
        List<CreationMemory.Refusal> refused = memory.refused();
        List<String> told = new ArrayList<>(refused.stream()
                .limit(MOST_TOLD)
                .map(CreationMemory.Refusal::message)
                .toList());
        if (refused.size() > MOST_TOLD) {
            told.add((refused.size() - MOST_TOLD) + " more could not be made.");
        }
        if (order.partitions().size() > 1) {
            told.add("Of " + order.partitions().size() + " partitions " + memory.created() + " were created.");
        }
        return CaretakerException.of(
                refused.getFirst().reason(),
                String.join(" ", told),
                Map.of("table", order.parent().toString()));
    }
}
