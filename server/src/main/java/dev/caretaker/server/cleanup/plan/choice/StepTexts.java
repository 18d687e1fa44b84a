package dev.caretaker.server.cleanup.plan.choice;

import dev.caretaker.server.cleanup.plan.kept.Mechanism;
import dev.caretaker.server.cleanup.step.ByRoot;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RowRemoval.IndexPath;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements of steps as a plan shows them: with placeholders, for reading only. */
public final class StepTexts {

    private StepTexts() {}

    public static List<String> rows(
            Eligibility eligible, Optional<ByRoot> byRoot, Mechanism mechanism, Optional<IndexPath> index) {
        String table = Identifiers.quote(eligible.table());
        String delete = byRoot.map(root ->
                        "DELETE FROM " + Identifiers.quote(root.table()) + " AS t WHERE (bounds of " + table + ") AND ")
                .orElse("DELETE FROM ONLY " + table + " AS t WHERE ");
        String predicate = eligible.predicate().text();
        String byAddress = delete + "t.ctid = ANY (?) AND " + predicate;
        return switch (mechanism) {
            case INDEX_RANGE -> {
                String prefix = index.orElseThrow().prefixes().getFirst().keySet().stream()
                        .map(column -> "t." + Identifiers.quote(column) + " = ? AND ")
                        .collect(Collectors.joining());
                String range = prefix + eligible.time() + " >= ? AND ";
                yield List.of(
                        "SELECT " + eligible.time() + " FROM ONLY " + table + " AS t WHERE " + range + predicate
                                + " ORDER BY " + eligible.time() + " OFFSET ? LIMIT 1",
                        delete + range + eligible.time() + " < ? AND " + predicate);
            }
            case BLOCK_RANGE -> List.of(delete + "t.ctid >= ? AND t.ctid < ? AND " + predicate, byAddress);
            case ROW_LIST -> List.of("SELECT t.ctid FROM ONLY " + table + " AS t WHERE " + predicate, byAddress);
            case DROP_PARTITION -> throw new IllegalArgumentException("a drop removes no single rows");
        };
    }

    public static List<String> drop(PartitionDrop drop) {
        return List.of(
                "ALTER TABLE " + Identifiers.quote(drop.parent()) + " DETACH PARTITION "
                        + Identifiers.quote(drop.partition()) + (drop.concurrently() ? " CONCURRENTLY" : ""),
                "DROP TABLE " + Identifiers.quote(drop.partition()));
    }

    public static List<String> vacuum(TableName table) {
        return List.of("VACUUM (ANALYZE) " + Identifiers.quote(table));
    }
}
