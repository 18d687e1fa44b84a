package dev.caretaker.server.report.observe;

import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.Observation.TableLook;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What was observed of runs. */
@Singleton
public class Observations {
    private final ObservationStore store;
    private final LooksUnderWay looks;

    Observations(ObservationStore store, LooksUnderWay looks) {
        this.looks = looks;
        this.store = store;
    }

    /**
     * Before and after a run.
     *
     * @param leftOut tables of the run that were not looked at, because they are too many
     * @param due when the statements are looked at once more; empty: they have been, or are not
     * @param problems why something is not known, sentences
     */
    public record BeforeAfter(
            Optional<Instant> before,
            Optional<Instant> after,
            Optional<Instant> later,
            Optional<Instant> due,
            int leftOut,
            List<ObservedTable> tables,
            List<String> problems) {}

    /**
     * One table.
     *
     * @param before empty: it was not there, or could not be looked at
     * @param after the same
     */
    public record ObservedTable(
            TableName table, Optional<TableLook> before, Optional<TableLook> after, StatementTimes statements) {}

    /** Empty if nothing was observed. Waits for a look that this server takes right now. Fails with CONTROL_STORE_UNREACHABLE. */
    public Optional<BeforeAfter> of(UUID runId) {
        looks.await(runId);
        return store.find(runId).map(kept -> of(kept.observation(), kept.due()));
    }

    private static BeforeAfter of(Observation seen, Optional<Instant> due) {
        return new BeforeAfter(
                seen.before().map(Look::at),
                seen.after().map(Look::at),
                seen.later().map(Look::at),
                due,
                seen.leftOut(),
                seen.tables().stream()
                        .map(table -> new ObservedTable(
                                table,
                                seen.before().flatMap(look -> look.of(table)),
                                seen.after().flatMap(look -> look.of(table)),
                                StatementTimes.of(seen, table)))
                        .toList(),
                Stream.of(seen.before(), seen.after(), seen.later())
                        .flatMap(Optional::stream)
                        .map(Look::problem)
                        .filter(problem -> !problem.isEmpty())
                        .distinct()
                        .toList());
    }
}
