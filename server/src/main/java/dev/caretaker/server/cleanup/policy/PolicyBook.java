package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.policy.AppliedPolicy.Result;
import dev.caretaker.server.cleanup.policy.Contradictions.Contradiction;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.PolicyRow;
import dev.caretaker.server.store.PolicyStore;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Policies, kept in the control store. */
@Singleton
final class PolicyBook implements Policies {
    private static final int ETAG_BYTES = 16;

    private final ControlStore control;
    private final PolicyStore store;
    private final PolicyValidation validation;
    private final Clock clock;

    PolicyBook(ControlStore control, PolicyStore store, PolicyValidation validation, Clock clock) {
        this.control = control;
        this.store = store;
        this.validation = validation;
        this.clock = clock;
    }

    @Override
    public List<AppliedPolicy> apply(List<PolicyChange> changes, Actor actor, boolean validateOnly) {
        validation.check(changes.stream().map(PolicyChange::policy).toList());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<String, List<String>> warnings = warnings(changes, now);
        return control.transaction(() -> {
            store.lock();
            List<AppliedPolicy> applied = new ArrayList<>();
            for (PolicyChange wanted : changes) {
                Optional<StoredPolicy> before =
                        store.findByName(wanted.policy().name()).map(PolicyBook::read);
                requireEtag(wanted.policy().name(), before, wanted.etag());
                StoredPolicy after = new StoredPolicy(wanted.policy(), etag(wanted.policy()), now, actor);
                Result result = before.isEmpty()
                        ? Result.CREATED
                        : before.get().etag().equals(after.etag()) ? Result.UNCHANGED : Result.UPDATED;
                if (result != Result.UNCHANGED && !validateOnly) {
                    store.put(write(after));
                }
                applied.add(new AppliedPolicy(
                        result == Result.UNCHANGED ? before.get() : after,
                        result,
                        warnings.getOrDefault(wanted.policy().name(), List.of())));
            }
            return applied;
        });
    }

    @Override
    public PolicyPage list(Optional<String> target, int pageSize, Optional<String> pageToken) {
        List<StoredPolicy> found = store.list(target.orElse(null), pageToken.orElse(""), pageSize + 1).stream()
                .map(PolicyBook::read)
                .toList();
        if (found.size() <= pageSize) {
            return new PolicyPage(found, Optional.empty());
        }
        List<StoredPolicy> page = found.subList(0, pageSize);
        return new PolicyPage(page, Optional.of(page.getLast().policy().name()));
    }

    @Override
    public StoredPolicy get(String name) {
        return store.findByName(name).map(PolicyBook::read).orElseThrow(() -> notFound(name));
    }

    @Override
    public StoredPolicy delete(String name, Optional<String> etag, Actor actor) {
        return control.transaction(() -> {
            store.lock();
            StoredPolicy policy = store.findByName(name).map(PolicyBook::read).orElseThrow(() -> notFound(name));
            requireEtag(name, Optional.of(policy), etag);
            store.deleteByName(name);
            return policy;
        });
    }

    /** By policy: contradictions among the policies of their targets as they would be. */
    private Map<String, List<String>> warnings(List<PolicyChange> changes, Instant now) {
        Map<String, Policy> all = new LinkedHashMap<>();
        changes.stream()
                .map(change -> change.policy().target())
                .distinct()
                .flatMap(target -> ofTarget(target).stream())
                .forEach(stored -> all.put(stored.policy().name(), stored.policy()));
        changes.forEach(change -> all.put(change.policy().name(), change.policy()));
        Map<String, List<String>> warnings = new LinkedHashMap<>();
        for (Contradiction found : Contradictions.find(List.copyOf(all.values()), now)) {
            Stream.of(found.winner(), found.pointless())
                    .forEach(policy -> warnings.computeIfAbsent(policy.name(), name -> new ArrayList<>())
                            .add(found.message()));
        }
        return warnings;
    }

    private static void requireEtag(String name, Optional<StoredPolicy> stored, Optional<String> wanted) {
        boolean matches = wanted.isEmpty()
                || stored.map(policy -> policy.etag().equals(wanted.get())).orElse(false);
        if (!matches) {
            throw CaretakerException.of(
                    Reason.ETAG_MISMATCH,
                    stored.isPresent()
                            ? "Policy " + name + " was changed by somebody else."
                            : "Policy " + name + " does not exist any more.",
                    Map.of(
                            "policy",
                            name,
                            "etag",
                            stored.map(StoredPolicy::etag).orElse("")));
        }
    }

    private static CaretakerException notFound(String name) {
        return CaretakerException.of(
                Reason.POLICY_NOT_FOUND, "No policy is named \"" + name + "\".", Map.of("policy", name));
    }

    private static StoredPolicy read(PolicyRow row) {
        return new StoredPolicy(Json.read(row.content(), Policy.class), row.etag(), row.updated(), row.updatedBy());
    }

    private static PolicyRow write(StoredPolicy stored) {
        Policy policy = stored.policy();
        return new PolicyRow(
                policy.name(),
                policy.target(),
                Json.write(policy),
                stored.etag(),
                stored.updated(),
                stored.updatedBy());
    }

    private static String etag(Policy policy) {
        return Sha256.hex(Sha256.of(Json.write(policy)), ETAG_BYTES);
    }
}
