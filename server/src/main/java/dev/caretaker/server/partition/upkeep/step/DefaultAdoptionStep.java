package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a default partition the partition of the gap in which its rows lie. A check constraint that implies the gap's bound is
 * added NOT VALID and validated while everybody reads and writes; then one short transaction detaches it, attaches it with its
 * bound, which needs no scan, and puts an empty default partition in its place. Rows outside of the gap move into that one in
 * the same transaction, before the constraint is validated in it: nobody ever misses one.
 *
 * <p>While the constraint stands, rows outside of the gap are refused. So it goes when the step stops for whatever reason.
 */
final class DefaultAdoptionStep extends PartitionStep<AdoptionMemory> {
    private static final String VALIDATE = "validate";
    private static final String EXCHANGE = "exchange";
    private static final String CHECK_VIOLATION = "23514";

    private final DefaultAdoption order;
    private final StepContext context;
    private final String within;
    private List<Long> locks = List.of();
    private boolean moves;
    private boolean backedUp;

    DefaultAdoptionStep(DefaultAdoption order, StepContext context) {
        super("adopt", order.defaultName());
        this.order = order;
        this.context = context;
        this.within = PartitionSql.within(order.key(), order.keyType(), order.from(), order.to());
    }

    /** Name of the new default partition until it gets that of the old one. */
    static TableName newDefault(DefaultAdoption order) {
        return new TableName(order.defaultName().schema(), "caretaker_default_" + order.defaultOid());
    }

    @Override
    public long fencedOid() {
        return order.defaultOid();
    }

    @Override
    public Class<AdoptionMemory> memoryType() {
        return AdoptionMemory.class;
    }

    @Override
    public AdoptionMemory begin(Session session) {
        return AdoptionMemory.NOTHING_DONE;
    }

    @Override
    public Next<AdoptionMemory> next(Session session, AdoptionMemory memory) throws SQLException {
        Parent parent = Parent.require(session, order.parentOid(), order.parent());
        PartitionState state =
                PartitionState.read(session, order.defaultOid()).orElseThrow(() -> changed("was dropped"));
        if (state.covers(Optional.of(order.from()), Optional.of(order.to()))) {
            ConstraintDebt.strike(context, order.defaultName(), PartitionSql.ADOPTION);
            return new Done<>(
                    Totals.NONE,
                    "It is partition " + state.name() + " now, from " + order.from() + " to " + order.to() + "; "
                            + order.defaultName() + " is empty.");
        }
        boolean isDefault = parent.defaultPartition()
                .filter(oid -> oid == order.defaultOid())
                .isPresent();
        if (!isDefault || !state.name().equals(order.defaultName())) {
            throw changed("is not the default partition of that name any more");
        }
        if (givesWay(memory.putOff())) {
            return new Later<>(memory.later(), "Locks were not had for a while: other steps go first.");
        }
        backedUp = DefaultGuard.isBackedUp(session, parent);
        locks = new ArrayList<>(List.of(parent.oid(), order.defaultOid()));
        locks.addAll(parent.referenced());
        Optional<Boolean> validated = Constraints.check(session, order.defaultOid(), PartitionSql.ADOPTION);
        if (validated.isEmpty()) {
            ConstraintDebt.owe(context, order.defaultOid(), order.defaultName(), PartitionSql.ADOPTION, order.parent());
            return new Run<>(
                    memory.withCheck(),
                    transaction(
                            "check",
                            List.of(PartitionSql.check(order.defaultName(), PartitionSql.ADOPTION, within)
                                    + " NOT VALID")));
        }
        if (!validated.get() && !memory.outliers()) {
            return new Run<>(memory, scan(VALIDATE, PartitionSql.validate(order.defaultName(), PartitionSql.ADOPTION)));
        }
        moves = !validated.get();
        return new Run<>(memory, transaction(EXCHANGE, exchange()));
    }

    private List<String> exchange() {
        TableName old = order.defaultName();
        return List.of(
                PartitionSql.detach(order.parent(), old),
                PartitionSql.attach(order.parent(), old, Optional.of(order.from()), Optional.of(order.to())),
                PartitionSql.rename(old, order.partition()),
                PartitionSql.rename(newDefault(order), old),
                PartitionSql.attach(order.parent(), old, Optional.empty(), Optional.empty()),
                PartitionSql.dropConstraint(order.partition(), PartitionSql.ADOPTION));
    }

    /**
     * The new default partition is made before the exchange locks anything, and rows outside of the gap move into it: that reads
     * the old one, and nobody waits meanwhile.
     */
    @Override
    protected void prepare(Session session, AdoptionMemory memory, Statement statement) throws SQLException {
        if (!statement.label().equals(EXCHANGE)) {
            return;
        }
        TableName fresh = newDefault(order);
        List<String> statements =
                new ArrayList<>(Sibling.read(session, order.parentOid()).create(fresh, order.parent()));
        if (moves) {
            requireMovable(session);
            statements.add(move(session, fresh));
            statements.add(PartitionSql.validate(order.defaultName(), PartitionSql.ADOPTION));
        }
        ApplicationPath.enterLocally(session.connection());
        for (String each : statements) {
            Sql.of(each).update(session.connection());
        }
    }

    /** Generated columns make their values themselves. */
    private String move(Session session, TableName fresh) throws SQLException {
        List<String> columns = Sql.of(
                        "SELECT attname FROM pg_catalog.pg_attribute"
                                + " WHERE attrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid"
                                + " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
                        order.defaultOid())
                .list(session.connection(), row -> Identifiers.quote(row.getString(1)));
        String list = String.join(", ", columns);
        return "WITH moved AS (DELETE FROM ONLY " + Identifiers.quote(order.defaultName()) + " WHERE (" + within
                + ") IS NOT TRUE RETURNING " + list + ") INSERT INTO " + Identifiers.quote(fresh) + " (" + list
                + ") SELECT " + list + " FROM moved";
    }

    @Override
    public Optional<AdoptionMemory> tolerate(AdoptionMemory memory, Statement statement, SQLException error) {
        boolean outliers = statement.label().equals(VALIDATE) && CHECK_VIOLATION.equals(error.getSQLState());
        return outliers ? Optional.of(memory.withOutliers()) : Optional.empty();
    }

    @Override
    public AdoptionMemory completed(
            Session session, AdoptionMemory memory, Statement statement, List<SQLWarning> warnings) {
        return statement.label().equals(EXCHANGE) ? memory.withExchange() : memory;
    }

    @Override
    protected void requireUnchanged(Session session, AdoptionMemory memory, Statement statement) throws SQLException {
        if (statement.label().equals(EXCHANGE)) {
            lockWhole(session, order.parent());
        }
        Parent.require(session, order.parentOid(), order.parent());
    }

    /** Moving deletes: triggers of the application must not take that for what it is not. */
    private void requireMovable(Session session) throws SQLException {
        List<String> triggers = Sql.of(
                        "SELECT tgname FROM pg_catalog.pg_trigger"
                                + " WHERE tgrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid"
                                + " AND (tgconstraint = 0 OR EXISTS (SELECT FROM pg_catalog.pg_constraint"
                                + " WHERE oid = tgconstraint AND contype = 't')) AND tgenabled IN ('O', 'A') AND tgtype & 8 <> 0 ORDER BY tgname",
                        order.defaultOid())
                .list(session.connection(), row -> row.getString(1));
        if (!triggers.isEmpty()) {
            throw refused("rows outside of the gap would have to move, and trigger \"" + triggers.getFirst()
                    + "\" would fire for them");
        }
        long outliers = Sql.of("SELECT count(*) FROM (SELECT FROM ONLY " + Identifiers.quote(order.defaultName())
                        + " WHERE (" + within + ") IS NOT TRUE LIMIT " + (order.mostOutliers() + 1) + ") counted")
                .one(session.connection(), row -> row.getLong(1));
        if (outliers > order.mostOutliers()) {
            throw refused("more than " + Amounts.count(order.mostOutliers()) + " rows lie outside of the gap");
        }
    }

    private CaretakerException refused(String why) {
        return CaretakerException.of(
                Reason.UNSUPPORTED_RELATION,
                "Default partition " + order.defaultName() + " is not adopted: " + why + ".",
                Map.of("table", order.defaultName().toString()));
    }

    /** As of the partitions that are made next to it: they come after it, or not at all. */
    @Override
    public boolean excludesReaders(Statement statement) {
        return backedUp && super.excludesReaders(statement);
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return statement.label().equals(EXCHANGE) ? locks : List.of(order.defaultOid());
    }

    @Override
    public boolean guarded(AdoptionMemory memory) {
        return memory.checked();
    }

    @Override
    public Optional<String> repair(Session session, AdoptionMemory memory) throws SQLException {
        ConstraintDebt.drop(
                session, new StrayConstraint(order.defaultOid(), order.defaultName(), PartitionSql.ADOPTION));
        ConstraintDebt.strike(context, order.defaultName(), PartitionSql.ADOPTION);
        return Optional.empty();
    }
}
