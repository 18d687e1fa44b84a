package dev.caretaker.server.archive.restore;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a step that loads rows has to do.
 *
 * @param into table it loads into
 * @param oid of that table; 0 if the step makes it
 * @param like table it makes it like; empty to make it of the archived columns
 * @param columns archived columns that are loaded, by name; the table has them
 * @param from only rows whose time is not before it
 * @param until only rows whose time is before it
 * @param condition only rows for which it is true
 * @param fencedOid relation by which the work is fenced
 */
public record RestoreWork(
        UUID archive,
        TableName into,
        long oid,
        Optional<TableName> like,
        List<String> columns,
        Optional<Instant> from,
        Optional<Instant> until,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<RowCondition> condition,
        long fencedOid) {
    public RestoreWork {
        condition = Objects.requireNonNullElse(condition, Optional.empty()); // steps of older servers have none
    }

    boolean makesTable() {
        return oid == 0;
    }

    boolean takesAll() {
        return from.isEmpty() && until.isEmpty() && condition.isEmpty();
    }
}
