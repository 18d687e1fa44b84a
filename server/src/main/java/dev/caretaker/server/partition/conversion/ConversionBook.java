package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner.Planned;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.partition.conversion.step.ConversionKinds;
import dev.caretaker.server.partition.conversion.step.ConversionParameters;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTableReader;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ConversionRow;
import dev.caretaker.server.store.ConversionRow.State;
import dev.caretaker.server.store.ConversionStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
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
    /** Enough to build indexes and to validate, before rows reach the boundary. */
    private static final Duration USUAL_DISTANCE = Duration.ofDays(1);

    private static final Duration KEPT = Duration.ofDays(7);
    private static final int ETAG_BYTES = 16;

    private final ConversionStore store;
    private final Targets targets;
    private final Runs runs;
    private final Clock clock;

    ConversionBook(ConversionStore store, Targets targets, Runs runs, Clock clock) {
        this.store = store;
        this.targets = targets;
        this.runs = runs;
        this.clock = clock;
    }

    /** What the control store keeps of a plan. */
    private record Content(PartitionSet set, Planned planned, Actor actor) {}

    @Override
    public Conversion plan(ConversionRequest request) {
        Target target = targets.get(request.set().target());
        TableName name = request.set().table();
        if (!target.inScope(name.schema())) {
            throw CaretakerException.invalid(
                    "set.table.schema", "schema \"" + name.schema() + "\" is not one that Caretaker may touch");
        }
        PlainTable table = target.withPrimary(connection -> PlainTableReader.read(connection, name))
                .orElseThrow(() -> CaretakerException.invalid(
                        "set.table.name", "target " + target.name() + " has no table \"" + name + "\""));
        Instant now = now();
        PartitionSet set = resolved(request.set(), table, request.key());
        Instant after = request.boundary().orElse(now.plus(USUAL_DISTANCE));
        if (!after.isAfter(now)) {
            throw CaretakerException.invalid("boundary_after", "must lie in the future");
        }
        Planned planned = ConversionPlanner.plan(
                table, set, request.key(), after, request.legacyName(), request.onRequest(), request.accepted());
        requireFree(target, planned);
        String content = Json.write(new Content(set, planned, request.actor()));
        UUID id = UUID.randomUUID();
        store.prune(now.minus(KEPT));
        store.put(
                id,
                target.name(),
                name.schema(),
                name.name(),
                content,
                Sha256.hex(Sha256.of(content), ETAG_BYTES),
                now,
                now.plus(request.timeToLive().orElse(USUAL_TIME_TO_LIVE)));
        return get(id);
    }

    /** What a set of a partitioned table would be told by it. */
    private static PartitionSet resolved(PartitionSet set, PlainTable table, String key) {
        KeyEncoding encoding = set.encoding()
                .orElseGet(() -> table.column(key)
                        .map(column -> switch (column.type()) {
                            case "timestamp with time zone" -> KeyEncoding.TIMESTAMPTZ;
                            case "timestamp without time zone" -> KeyEncoding.TIMESTAMP;
                            case "date" -> KeyEncoding.DATE;
                            case "uuid" -> KeyEncoding.UUID_V7;
                            default ->
                                throw CaretakerException.invalid(
                                        "set.encoding",
                                        "is required: keys of type " + column.type()
                                                + " do not tell which times they denote");
                        })
                        .orElseThrow(() -> CaretakerException.invalid(
                                "key", "table " + table.name() + " has no column \"" + key + "\"")));
        NameTemplate names = set.names().orElseGet(() -> NameTemplate.usual(set.grid()));
        names.objection(set.grid(), table.name().name()).ifPresent(why -> {
            throw CaretakerException.invalid("set.name_pattern", why);
        });
        return set.resolved(encoding, names);
    }

    /** Names that are taken now are found before anything begins. */
    private static void requireFree(Target target, Planned planned) {
        List<TableName> wanted = new ArrayList<>(planned.order().partitions());
        wanted.add(planned.order().legacy());
        wanted.add(planned.order().prepared());
        List<String> taken = target.withPrimary(connection -> Sql.of(
                        "SELECT c.relname FROM pg_catalog.pg_class c"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND c.relname = ANY (CAST(? AS pg_catalog.text[]))",
                        planned.order().table().name().schema(),
                        connection.createArrayOf(
                                "text", wanted.stream().map(TableName::name).toArray()))
                .list(connection, row -> row.getString(1)));
        if (!taken.isEmpty()) {
            throw CaretakerException.invalid(
                    "set", "names that the conversion needs are taken: " + String.join(", ", taken));
        }
    }

    @Override
    public RunView start(UUID runId, UUID id, Optional<String> etag, Optional<Duration> deadline, Actor actor) {
        Conversion conversion = get(id);
        requireIdle(conversion);
        if (etag.filter(seen -> !seen.equals(conversion.etag())).isPresent()) {
            throw refused(Reason.ETAG_MISMATCH, conversion, "has another etag than the one that was seen");
        }
        if (conversion.state() == State.CONVERTED || conversion.state() == State.REVERTED) {
            throw refused(Reason.PLAN_ALREADY_EXECUTED, conversion, "was executed already");
        }
        if (!now().isBefore(conversion.expires())) {
            throw refused(Reason.PLAN_EXPIRED, conversion, "expired at " + conversion.expires() + ": make a new one");
        }
        List<Obstacle> blocking =
                conversion.obstacles().stream().filter(Obstacle::blocks).toList();
        if (!blocking.isEmpty()) {
            throw refused(
                    Reason.PLAN_BLOCKED,
                    conversion,
                    "cannot begin: " + blocking.stream().map(Obstacle::message).collect(Collectors.joining(" ")));
        }
        return run(runId, conversion, ConversionKinds.CONVERT, deadline, actor);
    }

    @Override
    public Conversion complete(UUID id) {
        get(id);
        store.request(id);
        return get(id);
    }

    @Override
    public RunView revert(UUID runId, UUID id, Optional<Duration> deadline, Actor actor) {
        Conversion conversion = get(id);
        requireIdle(conversion);
        return run(runId, conversion, ConversionKinds.REVERT, deadline, actor);
    }

    /** It is written down first: a run that nobody knows of could meet another one. */
    private RunView run(UUID runId, Conversion conversion, String kind, Optional<Duration> deadline, Actor actor) {
        TableName table = conversion.order().table().name();
        State state = conversion.state() == State.PLANNED ? State.STARTED : conversion.state();
        store.start(conversion.id(), state, runId);
        return runs.start(
                runId,
                new RunRequest(
                        RunKind.UPKEEP,
                        conversion.target(),
                        actor,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new StepSpec(
                                kind, table, "", 0, new ConversionParameters(conversion.id(), conversion.order()))),
                        targets.get(conversion.target()).tuning(),
                        deadline,
                        Optional.empty(),
                        RowLimits.NONE));
    }

    private void requireIdle(Conversion conversion) {
        boolean busy = conversion
                .runId()
                .flatMap(runs::find)
                .filter(run -> !run.state().isTerminal())
                .isPresent();
        if (busy) {
            throw refused(
                    Reason.PLAN_ALREADY_EXECUTED,
                    conversion,
                    "is being worked on by run " + conversion.runId().get());
        }
    }

    @Override
    public Conversion get(UUID id) {
        return store.find(id)
                .map(ConversionBook::read)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.CONVERSION_NOT_FOUND,
                        "No conversion has the id " + id + ".",
                        Map.of("conversion", id.toString())));
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
                .map(ConversionBook::read)
                .toList();
    }

    static Conversion read(ConversionRow row) {
        Content content = Json.read(row.content(), Content.class);
        return new Conversion(
                row.conversionId(),
                row.etag(),
                row.target(),
                content.set(),
                content.planned().order(),
                content.planned().obstacles(),
                row.state(),
                row.requested(),
                Optional.ofNullable(row.runId()),
                row.created(),
                row.expires(),
                content.actor());
    }

    private static CaretakerException refused(Reason reason, Conversion conversion, String why) {
        return CaretakerException.of(
                reason,
                "The conversion of " + conversion.order().table().name() + " " + why + ".",
                Map.of("conversion", conversion.id().toString(), "target", conversion.target()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
