package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.store.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the retention policies. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
public interface Policies {
    /** Policies on one page, at most. */
    int LARGEST_PAGE = 1_000;

    /**
     * Creates or replaces policies, all of them or none, in the order given. Each is first checked by itself and then
     * against its target's live catalog.
     *
     * @param validateOnly whether to answer without storing anything
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD with violations named like
     *     {@code policies[0].time_column.name}, ETAG_MISMATCH, TARGET_UNREACHABLE
     */
    default List<AppliedPolicy> apply(List<PolicyChange> changes, Actor actor, boolean validateOnly) {
        return apply(changes, Set.of(), actor, validateOnly);
    }

    /**
     * The same, and removes all other policies of some targets; these come last, by name.
     *
     * @param pruned names of the targets
     */
    List<AppliedPolicy> apply(List<PolicyChange> changes, Set<String> pruned, Actor actor, boolean validateOnly);

    /**
     * Policies by name, and those of one name by target.
     *
     * @param target empty means all targets
     * @param pageSize 1 to {@value #LARGEST_PAGE}
     * @param pageToken opaque, from the previous page
     */
    PolicyPage list(Optional<String> target, int pageSize, Optional<String> pageToken);

    /** All policies of a target, by name. */
    default List<StoredPolicy> ofTarget(String target) {
        List<StoredPolicy> all = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            PolicyPage page = list(Optional.of(target), LARGEST_PAGE, token);
            all.addAll(page.policies());
            token = page.nextPageToken();
        } while (token.isPresent());
        return all;
    }

    /**
     * Fails with POLICY_NOT_FOUND, or INVALID_FIELD if no target is given and several have a policy of that name.
     *
     * @param target empty: whichever has it
     */
    StoredPolicy get(Optional<String> target, String name);

    /**
     * Removes a policy; plans made from it can no longer be executed. Fails with POLICY_NOT_FOUND or ETAG_MISMATCH.
     *
     * @param target empty: whichever has it, as {@link #get} does
     * @param etag when present, the stored policy must still carry it
     * @return the policy as it was
     */
    StoredPolicy delete(Optional<String> target, String name, Optional<String> etag, Actor actor);

    /** One page of policies. */
    record PolicyPage(List<StoredPolicy> policies, Optional<String> nextPageToken) {}
}
