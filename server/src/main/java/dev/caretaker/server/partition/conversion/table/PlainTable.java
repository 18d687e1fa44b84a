package dev.caretaker.server.partition.conversion.table;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table with all that a conversion has to bring along. What it says without its sizes is its definition: if that changed
 * between plan and cut-over, the plan is void.
 *
 * @param foreignOwner whether another role than Caretaker's owns it
 * @param kind relkind
 * @param persistence relpersistence
 * @param identity relreplident
 * @param others what hangs on it by its oid and cannot be brought along, as the server describes it
 */
public record PlainTable(
        long oid,
        TableName name,
        String owner,
        boolean mayAct,
        boolean foreignOwner,
        String kind,
        String persistence,
        boolean typed,
        boolean inherits,
        boolean ofExtension,
        boolean rowSecurity,
        boolean forcedRowSecurity,
        String identity,
        Storage storage,
        Optional<String> comment,
        List<Column> columns,
        List<Index> indexes,
        List<Constraint> constraints,
        List<Trigger> triggers,
        List<Rewrite> rewrites,
        List<Policy> policies,
        List<Function> functions,
        List<Publication> publications,
        List<Grant> grants,
        List<Statistics> statistics,
        List<Comment> comments,
        List<String> others) {

    /**
     * How its rows are kept.
     *
     * @param options reloptions, with those of its toast table
     * @param accessMethod empty for the usual one
     * @param labelled whether it has security labels
     */
    public record Storage(
            Optional<String> tablespace, Optional<String> accessMethod, List<String> options, boolean labelled) {}

    /**
     * @param generated empty unless its values are computed
     * @param statisticsTarget -1 for the usual one
     * @param options attoptions
     */
    public record Column(
            int number,
            String name,
            String type,
            String fullType,
            boolean notNull,
            String identity,
            String generated,
            Optional<String> defaultExpression,
            int statisticsTarget,
            List<String> options,
            Optional<Sequence> sequence) {

        @JsonIgnore
        public boolean isIdentity() {
            return !identity.isEmpty();
        }
    }

    /** A sequence that belongs to a column. */
    public record Sequence(
            TableName name,
            BigInteger start,
            BigInteger increment,
            BigInteger min,
            BigInteger max,
            BigInteger cache,
            boolean cycle,
            Optional<String> comment,
            List<Grant> grants) {}

    /**
     * @param columns numbers of its columns, 0 for an expression; those of the key come first
     * @param constraintType p, u or x
     */
    public record Index(
            String name,
            String definition,
            boolean unique,
            boolean valid,
            boolean identity,
            List<Integer> columns,
            int keyColumns,
            Optional<String> constraint,
            String constraintType,
            String constraintDefinition,
            Optional<String> comment) {

        /** Whether a column is part of its key. */
        public boolean hasInKey(int column) {
            return columns.subList(0, keyColumns).contains(column);
        }
    }

    /**
     * A check or a foreign key, of this table or to it.
     *
     * @param type c, f or n
     * @param inherited whether it is part of another table's
     * @param ofPartitioned whether its table is partitioned
     */
    public record Constraint(
            String name,
            String type,
            String definition,
            boolean validated,
            boolean noInherit,
            long tableOid,
            TableName table,
            long referencedOid,
            boolean inherited,
            boolean ofPartitioned) {}

    /**
     * @param enabled tgenabled
     * @param before whether it runs before the row is written
     * @param mentions columns whose names occur in its function
     */
    public record Trigger(
            String name,
            String definition,
            String enabled,
            boolean eachRow,
            boolean transitions,
            boolean before,
            List<String> mentions) {}

    /**
     * A rule of the table, or a view over it.
     *
     * @param kind rule, view, materialized or other
     * @param enabled ev_enabled of a rule
     */
    public record Rewrite(
            String kind,
            Optional<TableName> view,
            String name,
            Optional<String> definition,
            List<String> options,
            Optional<String> enabled,
            boolean mayAct) {}

    /** @param command polcmd */
    public record Policy(
            String name,
            boolean permissive,
            String command,
            List<String> roles,
            Optional<String> using,
            Optional<String> check) {}

    /**
     * @param kind "body", "row type", or "view": one that has a column of the row type
     * @param what as the server describes it
     */
    public record Function(String kind, String what, Optional<String> definition, boolean mayAct) {}

    /**
     * @param byItself whether it has the partitioned table without being told
     * @param viaRoot whether changes of partitions are sent as the partitioned table's
     * @param columns empty for all
     */
    public record Publication(
            String name,
            boolean byItself,
            boolean viaRoot,
            boolean mayAct,
            Optional<String> filter,
            List<String> columns) {

        @JsonIgnore
        public boolean selects() {
            return filter.isPresent() || !columns.isEmpty();
        }
    }

    /** @param target -1 for the usual one */
    public record Statistics(TableName name, String definition, int target, Optional<String> comment) {}

    /** @param kind TRIGGER, POLICY, RULE or CONSTRAINT */
    public record Comment(String kind, String name, String text) {}

    /**
     * @param privilege DEFAULT: new tables are granted to that role without being asked
     * @param grantee empty: everybody
     */
    public record Grant(String privilege, String grantee, boolean grantable, Optional<String> column) {}

    public Optional<Column> column(String wanted) {
        return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
    }

    /** The same but for indexes and a check that were added since. */
    public PlainTable without(Set<String> addedIndexes, String addedCheck) {
        return new PlainTable(
                oid,
                name,
                owner,
                mayAct,
                foreignOwner,
                kind,
                persistence,
                typed,
                inherits,
                ofExtension,
                rowSecurity,
                forcedRowSecurity,
                identity,
                storage,
                comment,
                columns,
                indexes.stream()
                        .filter(index -> !addedIndexes.contains(index.name()))
                        .toList(),
                constraints.stream()
                        .filter(check ->
                                !(check.type().equals("c") && check.name().equals(addedCheck)))
                        .toList(),
                triggers,
                rewrites,
                policies,
                functions,
                publications,
                grants,
                statistics,
                comments,
                others);
    }

    /** Checks, and NOT NULLs that are not like all others. */
    @JsonIgnore
    public List<Constraint> checks() {
        return constraints.stream()
                .filter(constraint -> !constraint.type().equals("f"))
                .toList();
    }

    /** Its foreign keys to other tables. */
    @JsonIgnore
    public List<Constraint> outgoing() {
        return constraints.stream()
                .filter(key -> key.type().equals("f") && key.tableOid() == oid && key.referencedOid() != oid)
                .toList();
    }

    /** Foreign keys to it, its own ones among them; those of partitions go with their table's. */
    @JsonIgnore
    public List<Constraint> incoming() {
        return constraints.stream()
                .filter(key -> key.type().equals("f") && key.referencedOid() == oid && !key.inherited())
                .toList();
    }

    @JsonIgnore
    public List<Rewrite> views() {
        return rewrites.stream()
                .filter(rewrite -> rewrite.kind().equals("view"))
                .toList();
    }

    @JsonIgnore
    public List<Rewrite> rules() {
        return rewrites.stream()
                .filter(rewrite -> rewrite.kind().equals("rule"))
                .toList();
    }
}
