package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.leave.Leavings;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.Breather;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds the parameters of a row removal from the catalog and runs it in a loop like the engine's, without its patience. */
final class Removal {
    static final List<String> KINDS =
            List.of(RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST);

    private final Database database;
    private final TableName table;
    private String timeColumn = "at";
    private TimeColumn.Kind kind = TimeColumn.Kind.TIMESTAMPTZ;
    private String timeType = "timestamp with time zone";
    private String bound = "2025-01-01 00:00:00+00";
    private Optional<Filter> filter = Optional.empty();
    private final Map<String, String> columnTypes = new LinkedHashMap<>();
    private List<Eligibility.ReferencingKey> pinnedBy = List.of();
    private Optional<Eligibility.ReferencingKey> selfReference = Optional.empty();
    private Optional<RowRemoval.IndexPath> index = Optional.empty();
    private List<TableName> cascades = List.of();
    private boolean guard;
    private Optional<Keeper> keeper = Optional.empty();
    private List<KeptChild> children = List.of();
    private long batchSize = 7;
    private int restartEvery = Integer.MAX_VALUE;
    private Between between = number -> {};
    private Breather breather = Breather.NONE;
    /** Codes of its warnings. */
    final List<String> warnings = new ArrayList<>();

    /** Of its batches. */
    final Set<String> phases = new LinkedHashSet<>();

    private final StepContext context = Statements.warning(warnings::add);

    /** What happens after a batch was committed. */
    interface Between {
        void batch(int number) throws SQLException;
    }

    Removal(Database database, String schema, String table) {
        this.database = database;
        this.table = new TableName(schema, table);
    }

    Removal(Database database) {
        this(database, "public", "t");
    }

    Removal time(String column, TimeColumn.Kind kind, String type, String bound) {
        this.timeColumn = column;
        this.kind = kind;
        this.timeType = type;
        this.bound = bound;
        return this;
    }

    Removal filter(Filter filter, Map<String, String> types) {
        this.filter = Optional.of(filter);
        this.columnTypes.putAll(types);
        return this;
    }

    Removal index(String name, List<Map<String, Constant>> prefixes) {
        this.index = Optional.of(new RowRemoval.IndexPath(new TableName(table.schema(), name), prefixes));
        return this;
    }

    Removal index(String name) {
        return index(name, List.of(Map.of()));
    }

    Removal skippingPinned(Eligibility.ReferencingKey... keys) {
        this.pinnedBy = List.of(keys);
        return this;
    }

    /** The table references itself by this key. */
    Removal kin(Eligibility.ReferencingKey key) {
        this.selfReference = Optional.of(key);
        return this;
    }

    Removal cascadingTo(TableName... tables) {
        this.cascades = List.of(tables);
        return this;
    }

    Removal keptBy(Keeper what) {
        this.keeper = Optional.of(what);
        return this;
    }

    Removal withChildren(KeptChild... kept) {
        this.children = List.of(kept);
        return this;
    }

    Removal guarded() {
        this.guard = true;
        return this;
    }

    Removal batches(long size) {
        this.batchSize = size;
        return this;
    }

    /** Another process takes over after so many batches, with nothing but what is journalled. */
    Removal restartEvery(int batches) {
        this.restartEvery = batches;
        return this;
    }

    Removal between(Between action) {
        this.between = action;
        return this;
    }

    Removal breathing(Breather with) {
        this.breather = with;
        return this;
    }

    RowRemoval parameters() throws SQLException {
        try (Connection connection = database.connect()) {
            long oid = database.number("SELECT '" + quoted().replace("'", "''") + "'::regclass::oid::bigint");
            RelationState state = RelationState.read(connection, oid).orElseThrow();
            Eligibility eligible = new Eligibility(
                    oid,
                    table,
                    timeColumn,
                    kind,
                    timeType,
                    bound,
                    filter,
                    Map.copyOf(columnTypes),
                    List.of(),
                    pinnedBy);
            RowRemoval removal = new RowRemoval(
                            eligible, state.fingerprint(), state.relfilenode(), 100, index, cascades, guard)
                    .with(selfReference.map(key -> kinship(eligible, key)).orElse(Kinship.NONE), true);
            return keeper.map(removal::keptBy).orElse(removal).withChildren(children);
        }
    }

    private Kinship kinship(Eligibility eligible, Eligibility.ReferencingKey key) {
        Kinship.Table all = new Kinship.Table(
                table,
                key.columns().stream().map(KeyColumn::parent).toList(),
                List.of(new Kinship.Part(eligible.oid(), table)),
                List.of(new Kinship.Rows(eligible, List.of(eligible.oid()))));
        return new Kinship(List.of(all), List.of(new Kinship.Key(0, 0, key, true)));
    }

    String quoted() {
        return dev.caretaker.server.target.Identifiers.quote(table);
    }

    /** How many rows one plain statement would delete; for comparison. */
    long eligible() throws SQLException {
        EligibleRows rows = new EligibleRows(parameters().eligible());
        SqlFragment query = rows.select("count(*)", parameters().eligible().predicate());
        try (Connection connection = database.connect()) {
            return query.statement().one(connection, row -> row.getLong(1));
        }
    }

    Totals run(String kind) throws SQLException {
        return run(kind, parameters());
    }

    Totals run(String kindName, RowRemoval parameters) throws SQLException {
        StepKind<RowRemoval> kind = kind(kindName);
        Totals totals = Totals.NONE;
        Optional<String> journalled = Optional.empty();
        int number = 0;
        boolean last = false;
        while (true) {
            try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
                ApplicationPath.enter(session.connection());
                BatchStep<RemovalCursor> step = step(kind, parameters);
                RemovalCursor cursor =
                        step.prepare(session, journalled.map(json -> Journal.read(json, RemovalCursor.class)));
                int since = 0;
                while (!last && since < restartEvery) {
                    RemovalCursor from = cursor;
                    Batch<RemovalCursor> batch = committed(session, step, from);
                    totals = totals.plus(batch.done());
                    phases.add(batch.phase());
                    cursor = batch.next();
                    last = batch.last();
                    journalled = Optional.of(Journal.write(cursor));
                    since++;
                    between.batch(++number);
                    if (number > 100_000) {
                        throw new AssertionError("no end in sight at " + cursor);
                    }
                }
                if (last) {
                    return totals.plus(step.finish(session));
                }
            }
        }
    }

    private Batch<RemovalCursor> committed(Session session, BatchStep<RemovalCursor> step, RemovalCursor from)
            throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            Batch<RemovalCursor> batch = step.next(session, from, batchSize);
            connection.commit();
            step.lookAhead(session, batchSize, () -> true);
            connection.rollback();
            connection.setAutoCommit(true);
            return batch;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            step.discard();
            throw e;
        }
    }

    @SuppressWarnings("unchecked") // every row removal has this cursor
    BatchStep<RemovalCursor> step(StepKind<RowRemoval> kind, RowRemoval parameters) {
        RowRemoval stored = Journal.read(Journal.write(parameters), kind.parameterType());
        BatchStep<RemovalCursor> step = (BatchStep<RemovalCursor>) kind.open(stored, context);
        step.breathing(breather);
        return step;
    }

    static StepKind<RowRemoval> kind(String name) {
        RemovalKinds kinds = new RemovalKinds(new Leavings(Optional.empty()), RestoredGuard.NONE);
        return List.of(kinds.indexRange(), kinds.blockRange(), kinds.rowList()).stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
