package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.partition.conversion.step.ConversionKinds;
import dev.caretaker.server.partition.conversion.step.ConversionParameters;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ConversionRow;
import dev.caretaker.server.store.ConversionRow.State;
import dev.caretaker.server.store.ConversionStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Conversions, kept in the control store. */
@Singleton
final class ConversionBook implements Conversions {
    private static final Duration USUAL_TIME_TO_LIVE = Duration.ofHours(1);
    private static final int ETAG_BYTES = 16;

    private final ConversionStore store;
    private final ConversionPlanning planning;
    private final Standings standings;
    private final Targets targets;
    private final Runs runs;
    private final BackupGate backups;
    private final Clock clock;

    ConversionBook(
            ConversionStore store,
            ConversionPlanning planning,
            Standings standings,
            Targets targets,
            Runs runs,
            BackupGate backups,
            Clock clock) {
        this.store = store;
        this.planning = planning;
        this.standings = standings;
        this.targets = targets;
        this.runs = runs;
        this.backups = backups;
        this.clock = clock;
    }

    @Override
    public Conversion plan(ConversionRequest request) {
        Instant now = now();
        ConversionContent planned = planning.plan(request, now);
        String content = Json.write(planned);
        TableName table = planned.planned().order().table().name();
        UUID id = UUID.randomUUID();
        store.put(
                id,
                request.set().target(),
                table.schema(),
                table.name(),
                content,
                Sha256.hex(Sha256.of(content), ETAG_BYTES),
                now,
                now.plus(request.timeToLive().orElse(USUAL_TIME_TO_LIVE)));
        return get(id);
    }

    @Override
    public RunView start(
            UUID runId,
            UUID id,
            Optional<String> etag,
            Optional<Duration> deadline,
            Optional<BackupDemand> backup,
            Actor actor) {
        ConversionRow row = row(id);
        requireIdle(row, runId);
        Conversion conversion = standings.told(row);
        if (etag.filter(seen -> !seen.equals(conversion.etag())).isPresent()) {
            throw refused(Reason.ETAG_MISMATCH, row, "has another etag than the one that was seen");
        }
        switch (conversion.standing()) {
            case CONVERTED, REVERTED -> throw refused(Reason.PLAN_ALREADY_EXECUTED, row, "was executed already");
            case EXPIRED ->
                throw refused(
                        Reason.PLAN_EXPIRED,
                        row,
                        "expired at " + Moments.second(conversion.expires()) + ": make a new one");
            case PLANNED, RUNNING, WAITING, BROKEN_OFF -> {}
        }
        List<TableName> table = List.of(conversion.order().table().name());
        List<BackupDemand> demands = new ArrayList<>(backup.stream().toList());
        if (!standings.begun(row)) {
            ConversionContent.of(row).backup().ifPresent(demands::add);
        }
        demands.forEach(demand -> backups.require(row.target(), table, demand));
        List<Obstacle> blocking = standings.told(row).obstacles().stream() // as it is after that look
                .filter(Obstacle::blocks)
                .toList();
        if (!blocking.isEmpty()) {
            throw refused(
                    Reason.PLAN_BLOCKED,
                    row,
                    "cannot begin: " + blocking.stream().map(Obstacle::message).collect(Collectors.joining(" ")));
        }
        List<NeededBackup> needed =
                demands.stream().map(demand -> new NeededBackup(table, demand)).toList();
        return run(runId, row, ConversionKinds.CONVERT, deadline, needed, actor);
    }

    @Override
    public Conversion complete(UUID id) {
        row(id);
        store.request(id);
        return get(id);
    }

    @Override
    public RunView revert(UUID runId, UUID id, Optional<Duration> deadline, Actor actor) {
        ConversionRow row = row(id);
        requireIdle(row, runId);
        return run(runId, row, ConversionKinds.REVERT, deadline, List.of(), actor);
    }

    /** It is claimed first, by one of those that saw it idle: a run that nobody knows of could meet another one. */
    private RunView run(
            UUID runId,
            ConversionRow row,
            String kind,
            Optional<Duration> deadline,
            List<NeededBackup> needed,
            Actor actor) {
        ConversionOrder order = ConversionContent.of(row).planned().order();
        State state = row.state() == State.PLANNED ? State.STARTED : row.state();
        if (store.claim(row.conversionId(), state, runId, row.runId(), now()) == 0) {
            throw refused(Reason.PLAN_ALREADY_EXECUTED, row, "was just taken up by another request");
        }
        return runs.start(
                runId,
                new RunRequest(
                                RunKind.UPKEEP,
                                row.target(),
                                actor,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(new StepSpec(
                                        kind,
                                        order.table().name(),
                                        "",
                                        0,
                                        new ConversionParameters(row.conversionId(), order))),
                                targets.get(row.target()).tuning(),
                                deadline,
                                Optional.empty(),
                                RowLimits.NONE)
                        .needing(needed));
    }

    /** Neither it nor another conversion of its table is being worked on; the same request again is no other. */
    private void requireIdle(ConversionRow row, UUID runId) {
        boolean again = runId.equals(row.runId()) && runs.find(runId).isEmpty();
        if (!again && standings.busy(row)) {
            throw refused(Reason.PLAN_ALREADY_EXECUTED, row, "is being worked on by run " + row.runId());
        }
        store.open(row.target(), row.schemaName(), row.tableName()).stream()
                .filter(other -> !other.conversionId().equals(row.conversionId()) && standings.busy(other))
                .findFirst()
                .ifPresent(other -> {
                    throw refused(
                            Reason.PLAN_ALREADY_EXECUTED,
                            row,
                            "has to wait: run " + other.runId() + " works on conversion " + other.conversionId()
                                    + " of the same table");
                });
    }

    private ConversionRow row(UUID id) {
        return store.find(id)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.CONVERSION_NOT_FOUND,
                        "No conversion has the id " + id + ".",
                        Map.of("conversion", id.toString())));
    }

    @Override
    public Conversion get(UUID id) {
        return standings.told(row(id));
    }

    @Override
    public List<Conversion> list(Optional<String> target, Optional<Place> after, int limit) {
        return store
                .list(
                        target.orElse(null),
                        after.map(Place::created).orElse(Instant.parse("9999-01-01T00:00:00Z")),
                        after.map(Place::id).orElse(new UUID(-1, -1)),
                        limit)
                .stream()
                .map(standings::told)
                .toList();
    }

    @Override
    public List<Conversion> brokenOff(String target) {
        return store.open(target).stream()
                .map(standings::told)
                .filter(conversion -> conversion.standing() == Conversion.Standing.BROKEN_OFF)
                .toList();
    }

    private static CaretakerException refused(Reason reason, ConversionRow row, String why) {
        return CaretakerException.of(
                reason,
                "The conversion of " + new TableName(row.schemaName(), row.tableName()) + " " + why + ".",
                Map.of("conversion", row.conversionId().toString(), "target", row.target()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
