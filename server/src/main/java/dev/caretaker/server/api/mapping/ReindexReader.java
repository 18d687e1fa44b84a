package dev.caretaker.server.api.mapping;

import dev.caretaker.server.reindex.ReindexOrder;
import dev.caretaker.server.reindex.Worth;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.RunReindexRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads what to rebuild; who asks is added when it is known. */
public final class ReindexReader {
    private static final int MOST_INDEXES = 1_000;
    private static final Duration LONGEST_COOL_DOWN = Duration.ofDays(3_650);

    private ReindexReader() {}

    public static Function<Actor, ReindexOrder> order(Violations violations, RunReindexRequest message) {
        violations.required("target", message.getTarget());
        List<TableName> indexes = VacuumReader.tables(violations, "indexes", message.getIndexesList());
        List<TableName> tables = VacuumReader.tables(violations, "tables", message.getTablesList());
        violations.require(
                !message.getForce() || !indexes.isEmpty() || !tables.isEmpty(),
                "force",
                "is for named indexes and tables only");
        double percent = message.hasMinBloatPercent() ? message.getMinBloatPercent() : Worth.USUAL.minimumPercent();
        violations.require(percent >= 0 && percent <= 100, "min_bloat_percent", "must be 0 to 100");
        long bytes = message.hasMinBloatBytes() ? message.getMinBloatBytes() : Worth.USUAL.minimumBytes();
        violations.require(bytes >= 0, "min_bloat_bytes", "must not be negative");
        int most = message.getMaxIndexes() == 0 ? Worth.USUAL.mostIndexes() : message.getMaxIndexes();
        violations.require(most > 0 && most <= MOST_INDEXES, "max_indexes", "must be 1 to 1,000; 0 means 10");
        Optional<Duration> coolDown = message.hasCoolDown()
                ? Optional.ofNullable(Times.read(
                        violations,
                        "cool_down",
                        message.getCoolDown(),
                        Duration.ZERO,
                        LONGEST_COOL_DOWN,
                        "0 to 10 years"))
                : Optional.of(Worth.USUAL.coolDown());
        Optional<Duration> deadline = RunBounds.deadline(violations, message.hasDeadline(), message.getDeadline());
        Optional<RunWindow> window = RunBounds.window(violations, "window", message.hasWindow(), message.getWindow());
        OptionalLong free = VacuumReader.freeBytes(violations, message.getAssumeFreeBytes());
        Optional<Pace> pace = RunReader.pace(violations, "pace", message.getPace());
        return actor -> new ReindexOrder(
                message.getTarget(),
                indexes,
                tables,
                new Worth(percent, bytes, most, coolDown.orElseThrow()),
                message.getForce(),
                free,
                new RunTerms(actor, Optional.empty(), deadline, window, pace));
    }
}
