package dev.caretaker.server.partition.upkeep.table;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A table as the catalog has it.
 *
 * @param partitioned how, as in PARTITION BY: RANGE, LIST, HASH; empty if it is not
 * @param keyColumn its only key column; empty if there are several or an expression
 * @param keyType type of that column, as format_type writes it
 * @param mayAct whether our role has the rights of the owner
 * @param membership statement that gives our role the rights of the owner; empty where a superuser owns the table
 * @param isPartition whether it is itself a partition
 * @param referenced tables that its foreign keys reference
 * @param referencing tables whose foreign keys reference it
 * @param publications those that it is part of
 * @param sequence last value of the sequence that its key column owns
 * @param members its partitions; the default one among them
 */
public record TableState(
        long oid,
        TableName name,
        Optional<String> partitioned,
        Optional<String> keyColumn,
        Optional<String> keyType,
        String owner,
        boolean mayAct,
        Optional<String> membership,
        boolean isPartition,
        List<TableName> referenced,
        List<TableName> referencing,
        List<Published> publications,
        Optional<BigInteger> sequence,
        List<Member> members) {

    /** The default partition. */
    @JsonIgnore
    public Optional<Member> defaultPartition() {
        return members.stream().filter(Member::isDefault).findFirst();
    }

    /** Publications by which subscribers see each partition as a table of its own. */
    @JsonIgnore
    public List<Published> publishedByPartition() {
        return publications.stream()
                .filter(publication -> !publication.viaRoot())
                .toList();
    }

    TableState with(List<Member> partitions, List<Published> published) {
        return new TableState(
                oid,
                name,
                partitioned,
                keyColumn,
                keyType,
                owner,
                mayAct,
                membership,
                isPartition,
                referenced,
                referencing,
                published,
                sequence,
                partitions);
    }
}
