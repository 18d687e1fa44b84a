package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.target.catalog.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the columns of a roll-up are there, and of types of which there are such figures. */
final class RollUpFit {
    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "numeric", "real", "double precision");
    private static final Set<String> ORDERED = Set.of(
            "date",
            "timestamp with time zone",
            "timestamp without time zone",
            "time with time zone",
            "time without time zone",
            "interval",
            "text",
            "character varying",
            "character");
    /** Types whose values cannot be told to be equal. */
    private static final Set<String> WITHOUT_EQUALITY = Set.of("json", "xml", "point", "polygon", "jsonpath");

    private final Keeping.RollUp rollUp;
    private final TableTree tree;
    private final String path;
    private final List<FieldViolation> violations = new ArrayList<>();

    RollUpFit(Keeping.RollUp rollUp, TableTree tree, String path) {
        this.rollUp = rollUp;
        this.tree = tree;
        this.path = path;
    }

    List<FieldViolation> check() {
        for (int i = 0; i < rollUp.by().size(); i++) {
            String at = path + ".by[" + i + "]";
            find(at, rollUp.by().get(i))
                    .filter(column -> WITHOUT_EQUALITY.contains(column.baseType()))
                    .ifPresent(column -> refuse(
                            at, "\"" + column.name() + "\" is " + column.baseType() + ", which has no equality"));
        }
        for (int i = 0; i < rollUp.measures().size(); i++) {
            measure(path + ".measures[" + i + "].column", rollUp.measures().get(i));
        }
        return violations;
    }

    private void measure(String at, Keeping.Measure measure) {
        if (measure.column().isEmpty()) {
            return;
        }
        Optional<Column> column = find(at, measure.column().get());
        if (column.isEmpty()) {
            return;
        }
        String type = column.get().baseType();
        switch (measure.figure()) {
            case SUM, AVERAGE -> {
                if (!NUMBERS.contains(type) && !type.equals("interval")) {
                    refuse(at, "\"" + column.get().name() + "\" is " + type + "; numbers and intervals have a sum");
                }
            }
            case MIN, MAX -> {
                if (Stream.of(NUMBERS, ORDERED).noneMatch(types -> types.contains(type))) {
                    refuse(
                            at,
                            "\"" + column.get().name() + "\" is " + type
                                    + "; numbers, times, intervals and texts have a smallest and a largest value");
                }
            }
            case COUNT, COUNT_BY, SAMPLES -> {}
        }
    }

    private Optional<Column> find(String at, String name) {
        Optional<Column> column = tree.column(name);
        if (column.isEmpty()) {
            violations.add(PolicyFit.missing(at, name, tree));
        }
        return column;
    }

    private void refuse(String at, String why) {
        violations.add(new FieldViolation(at, why));
    }
}
