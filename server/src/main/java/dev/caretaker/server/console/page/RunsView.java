package dev.caretaker.server.console.page;

import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import java.util.Arrays;
import java.util.List;

/**
 * A page of the list of runs.
 *
 * @param targets that may be chosen
 * @param next where the next page begins; empty on the last
 */
public record RunsView(RunFilter filter, List<String> targets, List<Run> runs, String next) {

    public List<RunKind> kinds() {
        return Arrays.stream(RunKind.values())
                .filter(kind -> kind != RunKind.UNRECOGNIZED && kind != RunKind.RUN_KIND_UNSPECIFIED)
                .toList();
    }
}
