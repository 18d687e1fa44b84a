package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Similar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a filter fits columns of an archive. What it says of the types of a policy's filter holds here, too; a value of any type
 * that somebody made, such as an enum, is compared by its text, and for being equal alone: its order is not in the archive.
 */
public final class ArchivedFit {
    /** Oids below are PostgreSQL's own: FirstNormalObjectId. */
    private static final long FIRST_OF_USERS = 16_384;

    private final List<ArchivedColumn> columns;
    private final List<FieldViolation> violations = new ArrayList<>();

    private ArchivedFit(List<ArchivedColumn> columns) {
        this.columns = columns;
    }

    /**
     * What of it does not fit.
     *
     * @param path of the filter in the request
     */
    public static List<FieldViolation> check(Filter filter, List<ArchivedColumn> columns, String path) {
        ArchivedFit fit = new ArchivedFit(columns);
        FilterWalk.walk(path, filter, (at, _, node) -> fit.node(at, node));
        return fit.violations;
    }

    /** Whether its values are compared by their texts. */
    public static boolean byText(ArchivedColumn column) {
        return column.typeOid() >= FIRST_OF_USERS;
    }

    private void node(String at, Filter node) {
        switch (node) {
            case Filter.Compare compare ->
                column(at + ".comparison", compare.column())
                        .ifPresent(column -> compare(at + ".comparison", column, compare));
            case Filter.In in ->
                column(at + ".in", in.column()).ifPresent(column -> {
                    for (int i = 0; i < in.values().size(); i++) {
                        value(at + ".in.values[" + i + "]", column, in.values().get(i));
                    }
                });
            case Filter.IsNull isNull -> column(at + ".is_null", isNull.column());
            case Filter.And _, Filter.Or _, Filter.Not _ -> {}
        }
    }

    private void compare(String at, ArchivedColumn column, Filter.Compare compare) {
        boolean ordered =
                compare.operator() != Filter.Operator.EQUAL && compare.operator() != Filter.Operator.NOT_EQUAL;
        if (ordered && (byText(column) || column.baseType().equals("boolean"))) {
            violations.add(new FieldViolation(
                    at + ".operator", "is = or <> for column \"" + column.name() + "\" of type " + column.type()));
        }
        value(at + ".value", column, compare.value());
    }

    private void value(String at, ArchivedColumn column, Constant value) {
        ConstantRules.objection(column.name(), byText(column) ? "text" : column.baseType(), value)
                .ifPresent(objection -> violations.add(new FieldViolation(at, objection)));
    }

    private Optional<ArchivedColumn> column(String at, String name) {
        Optional<ArchivedColumn> column =
                columns.stream().filter(known -> known.name().equals(name)).findFirst();
        if (column.isEmpty()) {
            violations.add(new FieldViolation(
                    at + ".column",
                    "the archive has no column \"" + name + "\""
                            + Similar.question(
                                    name,
                                    columns.stream().map(ArchivedColumn::name).toList())));
        }
        return column;
    }
}
