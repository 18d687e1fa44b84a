package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.policy.AppliedPolicy.Result;
import dev.caretaker.server.cleanup.policy.Contradictions.Contradiction;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    public List<AppliedPolicy> apply(
            List<PolicyChange> changes, Set<String> pruned, Actor actor, boolean validateOnly) {
        validation.check(changes.stream().map(PolicyChange::policy).toList());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<String, List<String>> warnings = warnings(changes, now);
        return control.transaction(() -> {
            store.lock();
            List<AppliedPolicy> applied = new ArrayList<>();
            for (PolicyChange wanted : changes) {
                Optional<StoredPolicy> before =
                        find(wanted.policy().target(), wanted.policy().name());
                if (wanted.isToBeNew()) {
                    requireNone(before);
                } else {
                    requireEtag(wanted.policy().name(), before, wanted.etag());
                }
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
                        warnings.getOrDefault(key(wanted.policy()), List.of())));
            }
            applied.addAll(prune(changes, pruned, validateOnly));
            return applied;
        });
    }

    @Override
    public PolicyPage list(Optional<String> target, int pageSize, Optional<String> pageToken) {
        List<StoredPolicy> found = list(target, Place.read(pageToken.orElse("")), pageSize + 1).stream()
                .map(PolicyBook::read)
                .toList();
        if (found.size() <= pageSize) {
            return new PolicyPage(found, Optional.empty());
        }
        List<StoredPolicy> page = found.subList(0, pageSize);
        return new PolicyPage(page, Optional.of(Place.of(page.getLast().policy())));
    }

    private List<PolicyRow> list(Optional<String> target, Place after, int limit) {
        return store.list(target.orElse(null), after.name(), after.target(), limit);
    }

    @Override
    public StoredPolicy get(Optional<String> target, String name) {
        if (target.isPresent()) {
            return find(target.get(), name).orElseThrow(() -> notFound(target, name));
        }
        List<StoredPolicy> found =
                store.findByName(name).stream().map(PolicyBook::read).toList();
        if (found.size() > 1) {
            throw CaretakerException.invalid(
                    "target",
                    "is needed, because several targets have a policy \"" + name + "\": "
                            + found.stream()
                                    .map(stored -> stored.policy().target())
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        return found.stream().findFirst().orElseThrow(() -> notFound(target, name));
    }

    private Optional<StoredPolicy> find(String target, String name) {
        return store.findByTargetAndName(target, name).map(PolicyBook::read);
    }

    @Override
    public StoredPolicy delete(Optional<String> target, String name, Optional<String> etag, Actor actor) {
        return control.transaction(() -> {
            store.lock();
            StoredPolicy policy = get(target, name);
            requireEtag(name, Optional.of(policy), etag);
            store.deleteByTargetAndName(policy.policy().target(), name);
            return policy;
        });
    }

    private List<AppliedPolicy> prune(List<PolicyChange> changes, Set<String> pruned, boolean validateOnly) {
        Set<String> kept = changes.stream().map(change -> key(change.policy())).collect(Collectors.toSet());
        List<AppliedPolicy> gone = new ArrayList<>();
        for (String target : new TreeSet<>(pruned)) {
            for (StoredPolicy stored : ofTarget(target)) {
                if (!kept.contains(key(stored.policy()))) {
                    if (!validateOnly) {
                        store.deleteByTargetAndName(target, stored.policy().name());
                    }
                    gone.add(new AppliedPolicy(stored, Result.DELETED, List.of()));
                }
            }
        }
        return gone;
    }

    private static String key(Policy policy) {
        return policy.target() + "/" + policy.name();
    }

    /** By policy: contradictions among the policies of their targets as they would be. */
    private Map<String, List<String>> warnings(List<PolicyChange> changes, Instant now) {
        Map<String, Policy> all = new LinkedHashMap<>();
        changes.stream()
                .map(change -> change.policy().target())
                .distinct()
                .flatMap(target -> ofTarget(target).stream())
                .forEach(stored -> all.put(key(stored.policy()), stored.policy()));
        changes.forEach(change -> all.put(key(change.policy()), change.policy()));
        Map<String, List<String>> warnings = new LinkedHashMap<>();
        for (Contradiction found : Contradictions.find(List.copyOf(all.values()), now)) {
            Stream.of(found.winner(), found.pointless())
                    .forEach(policy -> warnings.computeIfAbsent(key(policy), name -> new ArrayList<>())
                            .add(found.message()));
        }
        return warnings;
    }

    private static void requireNone(Optional<StoredPolicy> stored) {
        stored.ifPresent(policy -> {
            throw CaretakerException.of(
                    Reason.ETAG_MISMATCH,
                    "Target " + policy.policy().target() + " has a policy "
                            + policy.policy().name() + " already.",
                    Map.of("policy", policy.policy().name(), "etag", policy.etag()));
        });
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

    private CaretakerException notFound(Optional<String> target, String name) {
        List<String> known = list(target, Place.read(""), LARGEST_PAGE).stream()
                .map(PolicyRow::name)
                .toList();
        String question = Similar.question(name, known);
        return CaretakerException.of(
                Reason.POLICY_NOT_FOUND,
                target.map(of -> "Target " + of + " has no policy \"" + name + "\"")
                                .orElse("No policy is named \"" + name + "\"")
                        + (question.isEmpty() ? "." : question),
                Map.of("policy", name));
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

    /** Place in the list, as a page's token tells it: neither name holds a slash. */
    private record Place(String name, String target) {
        static Place read(String token) {
            int slash = token.indexOf('/');
            return slash < 0 ? new Place(token, "") : new Place(token.substring(0, slash), token.substring(slash + 1));
        }

        static String of(Policy policy) {
            return policy.name() + "/" + policy.target();
        }
    }
}
