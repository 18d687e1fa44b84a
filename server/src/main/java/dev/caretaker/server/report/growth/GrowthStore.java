package dev.caretaker.server.report.growth;

import static dev.caretaker.server.store.ControlStore.instant;

import dev.caretaker.server.report.growth.GrowthSample.Cause;
import dev.caretaker.server.report.growth.GrowthSample.Content;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.MeasurementStore;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Samples in the control store, and whose turn it is to take one. All methods fail with CONTROL_STORE_UNREACHABLE. */
@Singleton
final class GrowthStore {
    private final ControlStore store;
    private final MeasurementStore measurements;

    GrowthStore(ControlStore store, MeasurementStore measurements) {
        this.store = store;
        this.measurements = measurements;
    }

    /**
     * A target of which a sample is due, and nobody else's for as long as the lease lasts.
     *
     * @param now by the store's clock
     */
    record Turn(String target, Cause cause, Instant now, UUID lease) {}

    /**
     * Why no sample comes about.
     *
     * @param since when it was first tried in vain
     * @param error a sentence
     */
    record Failing(Instant since, String error) {}

    /** Targets that are new are due at once. */
    void meet(Collection<String> targets) {
        store.update("growth_meet", array(targets));
    }

    /** Those of the targets that are due and not taken. */
    List<Turn> claim(Collection<String> targets, int most, Duration lease) {
        UUID id = UUID.randomUUID();
        return store.list(
                "growth_claim",
                row -> new Turn(
                        row.getString("target"),
                        row.getBoolean("daily") ? Cause.DAILY : Cause.ROUTINE,
                        instant(row, "now"),
                        id),
                array(targets),
                most,
                id.toString(),
                lease.toMillis());
    }

    /** Keeps a sample, if the turn is still ours; and says so. */
    boolean keep(Turn turn, Sampling.Seen seen) {
        return store.transaction(() -> {
            boolean daily = turn.cause() == Cause.DAILY;
            int ours = daily
                    ? store.update(
                            "growth_done",
                            turn.now(),
                            turn.now(),
                            turn.target(),
                            turn.lease().toString())
                    : store.update(
                            "growth_routine_done",
                            turn.now(),
                            turn.target(),
                            turn.lease().toString());
            if (ours == 1) {
                store.update(
                        "growth_put", turn.target(), turn.now(), turn.cause(), turn.now(), Json.write(seen.content()));
                measurements.put(seen.figures());
            }
            return ours == 1;
        });
    }

    /** No sample came about: it is tried again after a while. */
    void failed(Turn turn, String error, Duration wait) {
        store.update(
                "growth_failed",
                wait.toMillis(),
                error,
                turn.target(),
                turn.lease().toString());
    }

    Optional<Failing> failing(String target) {
        return store.first(
                "growth_failing", row -> new Failing(instant(row, "failing"), row.getString("error")), target);
    }

    /** Oldest first. */
    List<GrowthSample> list(String target, Instant since) {
        return store.list("growth_list", GrowthStore::read, target, since);
    }

    /** Rows that cleanups removed, one entry a run and policy, in order; of runs that ended since, or have not. */
    List<Removal> removals(String target, Instant since) {
        return store.list(
                "growth_removed",
                row -> new Removal(
                        row.getString("policy"),
                        instant(row, "started"),
                        instant(row, "ended"),
                        row.getLong("rows"),
                        row.getBoolean("complete")),
                target,
                since);
    }

    /**
     * What one run did for a policy.
     *
     * @param ended or now, if it has not
     * @param complete whether nothing is left that it could have removed
     */
    record Removal(String policy, Instant started, Instant ended, long rows, boolean complete) {}

    private static GrowthSample read(ResultSet row) throws SQLException {
        return new GrowthSample(
                row.getString("target"),
                Cause.valueOf(row.getString("cause")),
                instant(row, "taken"),
                Json.read(row.getString("content"), Content.class));
    }

    private static String array(Collection<String> names) {
        // Names of targets have letters, digits and hyphens.
        return "{" + String.join(",", names) + "}";
    }
}
