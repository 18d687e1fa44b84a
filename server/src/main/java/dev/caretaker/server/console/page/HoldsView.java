package dev.caretaker.server.console.page;

import dev.caretaker.v1.Hold;
import dev.caretaker.v1.RunKind;
import java.util.Arrays;
import java.util.List;

/**
 * What is frozen, and what was.
 *
 * @param targets that may be chosen
 */
public record HoldsView(List<String> targets, List<Hold> inForce, List<Hold> ended) {

    public List<RunKind> kinds() {
        return Arrays.stream(RunKind.values())
                .filter(kind -> kind != RunKind.UNRECOGNIZED && kind != RunKind.RUN_KIND_UNSPECIFIED)
                .toList();
    }
}
