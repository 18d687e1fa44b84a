package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.RunStep;
import java.util.List;
import java.util.TreeMap;

/** The steps of a run as far as they are known. */
final class RunSteps {
    private final TreeMap<Integer, RunStep> steps = new TreeMap<>();

    void accept(List<RunStep> planned) {
        planned.forEach(this::put);
    }

    void put(RunStep step) {
        steps.put(step.getOrdinal(), step);
    }

    int count() {
        return steps.size();
    }

    /** "step 2/5 index-range orders". */
    String label(int ordinal) {
        RunStep step = steps.get(ordinal);
        String position = "step " + ordinal + "/" + Math.max(count(), ordinal);
        return step == null ? position : position + " " + EventText.step(step);
    }

    /** Whether the run is a routine, whose steps are its parts. */
    boolean areParts() {
        return !steps.isEmpty()
                && steps.values().stream().allMatch(step -> step.getKind().equals("part"));
    }

    /** "cleanup old-jobs", or the name of a part that serves no policy. */
    String part(int ordinal) {
        RunStep step = steps.get(ordinal);
        return step.getPolicy().isEmpty() ? Names.table(step.getRelation()) : "cleanup " + step.getPolicy();
    }

    /** "2/5 orders", for bars. */
    String shortLabel(int ordinal) {
        RunStep step = steps.get(ordinal);
        String position = ordinal + "/" + Math.max(count(), ordinal);
        return step == null ? position : position + " " + Names.table(step.getRelation());
    }
}
