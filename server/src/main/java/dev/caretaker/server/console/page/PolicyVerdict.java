package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Problem;
import dev.caretaker.v1.AppliedPolicy;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a policy.
 *
 * @param applied what storing it would do; empty if it would be refused
 * @param changes where it differs from what is stored
 * @param problem why it would be refused; empty if it would not
 */
public record PolicyVerdict(Optional<AppliedPolicy> applied, List<PolicyChange> changes, Optional<Problem> problem) {

    static PolicyVerdict refused(Problem why) {
        return new PolicyVerdict(Optional.empty(), List.of(), Optional.of(why));
    }

    /** What would happen to it, in a sentence. */
    public String sentence() {
        return switch (applied.orElseThrow().getResult()) {
            case APPLY_RESULT_CREATED -> "It fits its table, and would be new.";
            case APPLY_RESULT_UPDATED ->
                "It fits its table, and would replace what is stored"
                        + (changes.isEmpty() ? "." : ", which differs in:");
            case APPLY_RESULT_UNCHANGED -> "It is what is stored.";
            case APPLY_RESULT_DELETED, APPLY_RESULT_UNSPECIFIED, UNRECOGNIZED -> "It fits its table.";
        };
    }
}
