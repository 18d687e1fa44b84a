package dev.caretaker.cli.plan;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ArchiveKind;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlannedArchive;
import dev.caretaker.v1.PlannedLock;
import dev.caretaker.v1.TriggerCost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why steps work as they do, and what else they do: once for all of which the same is to be said. */
final class PlanStepNotes {
    private final Plan plan;
    private final Page page;

    PlanStepNotes(Plan plan, Page page) {
        this.plan = plan;
        this.page = page;
    }

    /** What is said of a step, but for the name of what it works on. */
    private record Note(String reason, List<String> more) {
        static Note of(PlanStep step) {
            List<String> more = new ArrayList<>();
            if (step.getLocksCount() > 0) {
                more.add("locks: "
                        + String.join(
                                "; ",
                                step.getLocksList().stream()
                                        .map(lock -> lock(lock, step))
                                        .toList()));
            }
            if (step.hasArchive()) {
                more.add("keeps: " + archive(step.getArchive(), step));
            }
            step.getMoreArchivesList().forEach(archive -> more.add("keeps: " + archive(archive, step)));
            for (TriggerCost cost : step.getEstimate().getTriggerCostsList()) {
                more.add("trigger " + cost.getName() + ": " + Human.duration(cost.getPerThousandRows())
                        + " per 1,000 rows");
            }
            return new Note((step.getConditional() ? "if worth it: " : "") + step.getReason(), more);
        }

        private static String lock(PlannedLock lock, PlanStep step) {
            String duration = lock.getDuration().isEmpty() ? "" : " (" + lock.getDuration() + ")";
            String on = lock.getRelation().equals(step.getRelation()) ? "it" : Names.table(lock.getRelation());
            return lock.getMode() + " on " + on + duration;
        }

        private static String archive(PlannedArchive archive, PlanStep step) {
            String rows = archive.hasChild()
                    ? Human.rows(archive.getRows(), false) + " of " + Names.table(archive.getChild())
                    : PlanView.rows(step.getEstimate()) + (archive.getRows() == 1 ? " row" : " rows");
            String bytes = archive.getBytes() > 0 ? ", ~" + Human.bytes(archive.getBytes()) : "";
            String made = archive.getCreated() ? " (made by the run)" : "";
            boolean rollUp = archive.getKind() == ArchiveKind.ARCHIVE_KIND_ROLL_UP;
            return (rollUp ? "figures of " : "") + rows + bytes + " in " + archive.getPlace() + made;
        }
    }

    /** @param sql with the statements of each step, so that nothing is put together */
    void show(boolean sql) {
        if (sql) {
            for (PlanStep step : plan.getStepsList()) {
                show(Integer.toString(step.getOrdinal()), Note.of(step));
                step.getSqlList().forEach(statement -> page.code("     ", statement));
            }
            return;
        }
        Map<Note, List<Integer>> notes = new LinkedHashMap<>();
        for (PlanStep step : plan.getStepsList()) {
            notes.computeIfAbsent(Note.of(step), note -> new ArrayList<>()).add(step.getOrdinal());
        }
        notes.forEach((note, steps) -> show(ordinals(steps), note));
    }

    private void show(String ordinals, Note note) {
        page.paragraph("  ", Style.PLAIN, ordinals + ". " + note.reason());
        note.more().forEach(line -> page.paragraph("     ", Style.DIM, line));
    }

    /** 1 to 12, 14. */
    private static String ordinals(List<Integer> steps) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= steps.size(); i++) {
            if (i == steps.size() || steps.get(i) != steps.get(i - 1) + 1) {
                int first = steps.get(from);
                int last = steps.get(i - 1);
                parts.add(first == last ? Integer.toString(first) : first + (last == first + 1 ? ", " : " to ") + last);
                from = i;
            }
        }
        return String.join(", ", parts);
    }
}
