package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.ConversionPhase.Kind;
import dev.caretaker.server.partition.conversion.ConversionPhase.Lock;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.conversion.table.PlainTable.Rewrite;
import dev.caretaker.server.store.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells an order's statements by phase, and what each phase locks. Phases without statements are left out. */
public final class ConversionPhases {
    private static final String EXCLUSIVE = "ACCESS EXCLUSIVE";
    private static final String GENTLE = "SHARE UPDATE EXCLUSIVE";
    private static final String NO_WRITES = "SHARE ROW EXCLUSIVE";

    private final ConversionOrder order;
    private final TableName table;

    private ConversionPhases(ConversionOrder order) {
        this.order = order;
        this.table = order.table().name();
    }

    /** All of them, in order. */
    public static List<ConversionPhase> of(ConversionOrder order) {
        return new ConversionPhases(order).all();
    }

    private List<ConversionPhase> all() {
        List<ConversionPhase> phases = new ArrayList<>();
        phases.add(new ConversionPhase(
                Kind.INDEXES,
                order.indexes().stream().map(KeyIndex::sql).toList(),
                false,
                List.of(lock(GENTLE, "while each index is built; reads and writes pass"))));
        phases.add(new ConversionPhase(
                Kind.BOUND,
                List.of(order.bound()),
                true,
                List.of(lock(EXCLUSIVE, "milliseconds; no row is looked at"))));
        phases.add(new ConversionPhase(
                Kind.VALIDATE,
                List.of(order.validate()),
                false,
                List.of(lock(GENTLE, "while the table is read once; reads and writes pass"))));
        phases.add(new ConversionPhase(
                Kind.PARENT, order.parent(), true, List.of(lock(GENTLE, "milliseconds; reads and writes pass"))));
        phases.add(new ConversionPhase(Kind.CUT_OVER, order.cutOver(), true, cutOver()));
        phases.add(new ConversionPhase(
                Kind.ANALYZE,
                List.of(order.analyze()),
                false,
                List.of(lock(GENTLE, "while samples of all partitions are read; reads and writes pass"))));
        phases.add(new ConversionPhase(Kind.REVERT, order.revert(), true, revert()));
        phases.add(new ConversionPhase(Kind.REVALIDATE, order.leftovers(), false, revalidate()));
        return phases.stream().filter(phase -> !phase.sql().isEmpty()).toList();
    }

    private List<Lock> cutOver() {
        List<Lock> locks = new ArrayList<>();
        locks.add(lock(EXCLUSIVE, "milliseconds, whatever its size; nothing is read or copied"));
        for (Constraint foreign : order.table().outgoing()) {
            locks.add(referenced(foreign, NO_WRITES, "for the same time; reads pass"));
        }
        for (Constraint foreign : order.table().incoming()) {
            locks.add(new Lock(
                    Optional.of(foreign.table()),
                    EXCLUSIVE,
                    "for the same time: its foreign key " + foreign.name() + " goes"));
        }
        locks.addAll(views());
        return locks;
    }

    private List<Lock> revert() {
        List<Lock> locks = new ArrayList<>();
        locks.add(lock(
                EXCLUSIVE,
                "milliseconds, and as long as it takes to bring along the rows above the boundary, 10,000 at most"));
        for (Constraint foreign : order.table().outgoing()) {
            locks.add(referenced(foreign, EXCLUSIVE, "for the same time"));
        }
        for (Constraint foreign : order.table().incoming()) {
            locks.add(new Lock(
                    Optional.of(foreign.table()),
                    NO_WRITES,
                    "for the same time: its foreign key " + foreign.name() + " comes back; reads pass"));
        }
        locks.addAll(views());
        return locks;
    }

    private List<Lock> revalidate() {
        return order.table().incoming().stream()
                .filter(Constraint::validated)
                .map(foreign -> foreign.ofPartitioned()
                        ? new Lock(
                                Optional.of(foreign.table()),
                                NO_WRITES,
                                "while it is read once, and on " + table + " as well; reads pass")
                        : new Lock(
                                Optional.of(foreign.table()), GENTLE, "while it is read once; reads and writes pass"))
                .toList();
    }

    private List<Lock> views() {
        return order.table().rewrites().stream()
                .map(Rewrite::view)
                .flatMap(Optional::stream)
                .distinct()
                .map(view -> new Lock(Optional.of(view), EXCLUSIVE, "for the same time"))
                .toList();
    }

    private static Lock referenced(Constraint foreign, String mode, String duration) {
        return new Lock(
                Optional.empty(), mode, "on the table that foreign key " + foreign.name() + " references, " + duration);
    }

    private Lock lock(String mode, String duration) {
        return new Lock(Optional.of(table), mode, duration);
    }
}
