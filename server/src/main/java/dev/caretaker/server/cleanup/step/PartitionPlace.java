package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a partition is attached, so that it can be attached there again: written down before it is detached.
 *
 * @param oid the partition
 * @param partition its name
 * @param parentOid its immediate parent
 * @param parent the parent's name
 * @param bound as the server writes it: {@code FOR VALUES FROM (…) TO (…)} or {@code DEFAULT}
 * @param constraint the same as a condition on rows, as the server writes it
 * @param checks oids of its check constraints: a concurrent detach adds one that must go when it is attached again
 * @param infinite as in {@link PartitionDrop}
 */
public record PartitionPlace(
        long oid,
        TableName partition,
        long parentOid,
        TableName parent,
        String bound,
        String constraint,
        List<Long> checks,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> infinite) {
    public PartitionPlace {
        infinite = Objects.requireNonNullElse(infinite, Optional.empty());
    }

    String drop() {
        return "DROP TABLE " + Identifiers.quote(partition);
    }

    String attach() {
        return "ALTER TABLE " + Identifiers.quote(parent) + " ATTACH PARTITION " + Identifiers.quote(partition) + " "
                + bound;
    }

    String detach() {
        return "ALTER TABLE " + Identifiers.quote(parent) + " DETACH PARTITION " + Identifiers.quote(partition);
    }

    String dropConstraint(String constraintName) {
        return "ALTER TABLE " + Identifiers.quote(partition) + " DROP CONSTRAINT " + Identifiers.quote(constraintName);
    }
}
