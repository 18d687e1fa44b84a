package dev.caretaker.server.http;

import dev.caretaker.server.store.WorkLook;
import dev.caretaker.server.store.WorkLook.PolicyName;
import dev.caretaker.server.store.WorkLook.Success;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What ended well last. The first look reads all runs that are kept, those after it only what has ended since. */
final class Successes {
    /** Clocks of servers may differ, and a run is seen when its transaction ends: so much is read again. */
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    private final WorkLook work;
    private final Map<Key, Success> latest = new HashMap<>();
    private Instant read = Instant.EPOCH;

    Successes(WorkLook work) {
        this.work = work;
    }

    /** What it is of. */
    record Key(String what, String target, String name) {}

    /** Of policies that there are, routines, and schedules that there are. */
    synchronized Map<Key, Success> now() {
        Set<PolicyName> policies = work.policies();
        for (Success success : work.successes(read)) {
            latest.merge(key(success), success, (one, other) -> one.at().isAfter(other.at()) ? one : other);
        }
        latest.values().stream()
                .map(Success::at)
                .max(Comparator.naturalOrder())
                .ifPresent(at -> read = at.minus(OVERLAP));
        latest.keySet()
                .removeIf(key ->
                        key.what().equals("policy") && !policies.contains(new PolicyName(key.target(), key.name())));
        Map<Key, Success> all = new HashMap<>(latest);
        work.schedules().forEach(success -> all.put(key(success), success));
        return all;
    }

    private static Key key(Success success) {
        return new Key(success.what(), success.target(), success.name());
    }
}
