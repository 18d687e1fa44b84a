package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.upkeep.step.PartitionStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a conversion and the way back have in common. */
abstract class ConversionWork extends PartitionStep<ConversionMemory> {
    private static final String CHECK_VIOLATION = "23514";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DUPLICATE_TABLE = "42P07";

    protected final ConversionParameters parameters;
    protected final ConversionOrder order;
    protected final StepContext context;
    protected final Progress progress;

    /** @param doing for messages: "convert" */
    ConversionWork(String doing, ConversionParameters parameters, StepContext context, Progress progress) {
        super(doing, parameters.order().table().name());
        this.parameters = parameters;
        this.order = parameters.order();
        this.context = context;
        this.progress = progress;
    }

    @Override
    public final long fencedOid() {
        return order.table().oid();
    }

    @Override
    public final Class<ConversionMemory> memoryType() {
        return ConversionMemory.class;
    }

    @Override
    public final ConversionMemory begin(Session session) {
        return ConversionMemory.NOTHING_DONE;
    }

    @Override
    public Optional<CaretakerException> explain(Statement statement, SQLException error) {
        return switch (String.valueOf(error.getSQLState())) {
            case CHECK_VIOLATION ->
                Optional.of(refused(
                        "has rows that do not lie below the boundary " + order.boundary() + ", or have no "
                                + order.key() + ": " + PostgresErrors.whole(error),
                        error));
            case UNIQUE_VIOLATION ->
                Optional.of(refused(
                        "has rows with the same key on both sides of the boundary " + order.boundary() + ": "
                                + PostgresErrors.whole(error),
                        error));
            case DUPLICATE_TABLE ->
                Optional.of(refused("needs a name that is taken: " + PostgresErrors.whole(error), error));
            default -> super.explain(statement, error);
        };
    }

    private CaretakerException refused(String why, SQLException error) {
        return CaretakerException.of(Reason.RELATION_CHANGED, "Table " + table() + " " + why, details(), error);
    }

    /** Label of the one transaction after which the table is another. */
    protected abstract String exchange();

    /** In the exchange those tables too that its foreign keys lead to or come from. */
    @Override
    protected final List<Long> lockedBy(Statement statement) {
        Stream<Long> table = Stream.of(order.table().oid());
        return statement.label().equals(exchange())
                ? Stream.of(
                                table,
                                order.referenced().stream(),
                                order.table().incoming().stream().map(Constraint::tableOid))
                        .flatMap(oids -> oids)
                        .distinct()
                        .toList()
                : table.toList();
    }

    /** Views over the table are made anew in the exchange. */
    @Override
    protected final int others(Statement statement) {
        int tables = super.others(statement);
        return statement.label().equals(exchange())
                ? tables + order.table().views().size()
                : tables;
    }

    /** The catalog is not what it was when the conversion was planned. */
    protected final CaretakerException altered(String what) {
        return CaretakerException.of(Reason.RELATION_CHANGED, "Table " + table() + " " + what + ".", details());
    }

    protected final Map<String, String> details() {
        return Map.of("table", table().toString());
    }

    protected final TableName table() {
        return order.table().name();
    }

    protected final String name() {
        return Identifiers.quote(table());
    }

    protected static String dropIndex(TableName index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + Identifiers.quote(index);
    }
}
