package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.FilterWords;
import dev.caretaker.v1.Policy;

/**
 * A policy.
 *
 * @param where its filter, as a condition; empty if it has none
 * @param yaml all of it
 */
public record PolicyView(Policy policy, String where, String yaml) {
    static PolicyView of(Policy policy) {
        return new PolicyView(
                policy, policy.hasFilter() ? FilterWords.of(policy.getFilter()) : "", PolicyYaml.write(policy));
    }
}
