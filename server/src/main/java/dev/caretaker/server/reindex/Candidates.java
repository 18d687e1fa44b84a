package dev.caretaker.server.reindex;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which indexes an order speaks of. What is partitioned stands for its parts. */
final class Candidates {
    private final ReindexOrder order;
    private final Predicate<TableName> inScope;
    private final List<IndexFacts> all;

    /** @param inScope relations that may be touched */
    Candidates(ReindexOrder order, Predicate<TableName> inScope, List<IndexFacts> all) {
        this.order = order;
        this.inScope = inScope;
        this.all = all;
    }

    /** @throws CaretakerException INVALID_FIELD (unknown), MISSING_PRIVILEGE (named, and not the role's to rebuild) */
    List<IndexFacts> find() {
        if (!order.named()) {
            return all.stream()
                    .filter(index -> inScope.test(index.name()))
                    .filter(index -> !index.partitioned() && index.valid() && !index.exclusion() && index.allowed())
                    .filter(index -> index.bytes() >= order.worth().minimumBytes())
                    .toList();
        }
        Set<IndexFacts> named = new LinkedHashSet<>();
        List<FieldViolation> wrong = new ArrayList<>();
        for (int i = 0; i < order.indexes().size(); i++) {
            TableName name = order.indexes().get(i);
            List<IndexFacts> found =
                    all.stream().filter(index -> index.name().equals(name)).toList();
            check("indexes[" + i + "]", name, "an index", !found.isEmpty(), wrong);
            found.forEach(index -> parts(index, named));
        }
        for (int i = 0; i < order.tables().size(); i++) {
            TableName name = order.tables().get(i);
            List<IndexFacts> found =
                    all.stream().filter(index -> index.table().equals(name)).toList();
            check("tables[" + i + "]", name, "a table with indexes", !found.isEmpty(), wrong);
            found.forEach(index -> parts(index, named));
            found.stream().findFirst().ifPresent(index -> below(index.tableOid(), named));
        }
        if (!wrong.isEmpty()) {
            throw CaretakerException.invalid(wrong);
        }
        requireAllowed(named);
        return List.copyOf(named);
    }

    private void check(String field, TableName name, String what, boolean found, List<FieldViolation> wrong) {
        if (!inScope.test(name)) {
            wrong.add(new FieldViolation(field, name + " lies outside of the schemas that may be touched"));
        } else if (!found) {
            wrong.add(new FieldViolation(field, name + " is not " + what + " of the target"));
        }
    }

    private void parts(IndexFacts index, Set<IndexFacts> into) {
        if (!index.partitioned()) {
            into.add(index);
            return;
        }
        all.stream()
                .filter(part -> part.parent().isPresent() && part.parent().getAsLong() == index.oid())
                .forEach(part -> parts(part, into));
    }

    /** Indexes of the partitions below a table, those too that the table itself does not know. */
    private void below(long table, Set<IndexFacts> into) {
        Set<Long> tables = new LinkedHashSet<>();
        all.stream()
                .filter(index ->
                        index.tableParent().isPresent() && index.tableParent().getAsLong() == table)
                .forEach(index -> {
                    parts(index, into);
                    tables.add(index.tableOid());
                });
        tables.forEach(part -> below(part, into));
    }

    private void requireAllowed(Set<IndexFacts> named) {
        List<String> refused = named.stream()
                .filter(index -> !index.allowed())
                .map(index -> index.name().toString())
                .toList();
        if (!refused.isEmpty()) {
            String indexes = String.join(", ", refused);
            throw CaretakerException.of(
                    Reason.MISSING_PRIVILEGE,
                    "The role may not rebuild " + indexes + ": the tables are not its own.",
                    Map.of("target", order.target(), "indexes", indexes));
        }
    }
}
