package dev.caretaker.cli.partitions;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.TableUpkeep;
import java.util.ArrayList;
import java.util.List;

/** How a table is looked after, in sentences: its set, what the next upkeep does, what is held and until when. */
final class SetLines {
    /** Held partitions told one by one. */
    private static final int HELD_TOLD = 3;

    private SetLines() {}

    /** @param named whether it is not the table under whose name this stands, so that it has to be said */
    static void show(TableUpkeep upkeep, boolean named, Page page) {
        String set = "Partition set " + upkeep.getSet() + (named ? " of " + Names.table(upkeep.getTable()) : "");
        if (!upkeep.getProblem().isEmpty()) {
            page.paragraph("  ", Style.BAD, set + ": " + upkeep.getProblem());
        } else {
            page.paragraph("  ", Style.DIM, set + "; the next upkeep " + next(upkeep) + ".");
        }
        if (upkeep.getRetiredCount() > 0) {
            page.paragraph("  ", Style.DIM, held(upkeep));
        }
    }

    private static String next(TableUpkeep upkeep) {
        List<String> parts = new ArrayList<>();
        add(parts, "creates ", upkeep.getToCreate());
        add(parts, "detaches ", upkeep.getToDetach());
        add(parts, "drops ", upkeep.getToDrop());
        if (upkeep.getCreationPaused()) {
            parts.add("creates none (paused)");
        }
        if (upkeep.getRetirementPaused()) {
            parts.add("retires none (paused)");
        }
        return parts.isEmpty() ? "has nothing to do" : String.join(", ", parts);
    }

    private static void add(List<String> parts, String verb, int count) {
        if (count > 0) {
            parts.add(verb + (count == 1 ? "one partition" : Human.count(count) + " partitions"));
        }
    }

    private static String held(TableUpkeep upkeep) {
        List<String> told = new ArrayList<>();
        for (RetiredPartition retired : upkeep.getRetiredList()) {
            if (told.size() == HELD_TOLD) {
                told.add("and " + (upkeep.getRetiredCount() - HELD_TOLD) + " more");
                break;
            }
            told.add(Names.table(retired.getPartition())
                    + (retired.hasHeldUntil() ? " until " + Human.instant(retired.getHeldUntil()) : ", which stays"));
        }
        return "Retired: " + String.join(", ", told) + ".";
    }
}
