package dev.caretaker.server.report.observe;

import static dev.caretaker.server.store.ControlStore.instant;

import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Observations of runs in the control store; they go with their runs. All methods fail with CONTROL_STORE_UNREACHABLE. */
@Singleton
final class ObservationStore {
    private final ControlStore store;

    ObservationStore(ControlStore store) {
        this.store = store;
    }

    /** An observation as it is kept, and when it is looked at again. */
    record Kept(Observation observation, Optional<Instant> due) {}

    /** One that is due. */
    record Due(UUID runId, String target, Observation observation) {}

    /** Takes the place of one that was made before the run worked. */
    void begin(UUID runId, String target, Observation observation) {
        store.update("observation_put", runId, target, Json.write(observation));
    }

    /** @param next until the look at statements */
    void ended(UUID runId, Look after, Duration next) {
        store.update("observation_ended", Json.write(Map.of("after", after)), next.toMillis(), runId);
    }

    void later(UUID runId, Look later) {
        store.update("observation_later", Json.write(Map.of("later", later)), runId);
    }

    /** It is looked at again after a while. */
    void putOff(UUID runId, Duration wait) {
        store.update("observation_put_off", wait.toMillis(), runId);
    }

    Optional<Kept> find(UUID runId) {
        return store.first(
                "observation_find",
                row -> new Kept(
                        Json.read(row.getString("content"), Observation.class),
                        Optional.ofNullable(instant(row, "due"))),
                runId);
    }

    /** Those that are due and that nobody else looks at, for as long as the lease lasts. */
    List<Due> claim(int most, Duration lease) {
        return store.list(
                "observation_claim",
                row -> new Due(
                        row.getObject("run_id", UUID.class),
                        row.getString("target"),
                        Json.read(row.getString("content"), Observation.class)),
                lease.toMillis(),
                most);
    }
}
