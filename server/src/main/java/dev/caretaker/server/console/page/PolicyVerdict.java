package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Problem;
import dev.caretaker.v1.AppliedPolicy;
import java.util.Optional;

/** What would become of a policy: one of both is there. */
public record PolicyVerdict(Optional<AppliedPolicy> applied, Optional<Problem> problem) {

    /** What would happen to it, in a sentence. */
    public String sentence() {
        return switch (applied.orElseThrow().getResult()) {
            case APPLY_RESULT_CREATED -> "It fits its table, and would be new.";
            case APPLY_RESULT_UPDATED -> "It fits its table, and would replace what is stored.";
            case APPLY_RESULT_UNCHANGED -> "It is what is stored.";
            case APPLY_RESULT_DELETED, APPLY_RESULT_UNSPECIFIED, UNRECOGNIZED -> "It fits its table.";
        };
    }
}
