package dev.caretaker.server.partition.conversion.table;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A table with all that a conversion has to bring along. What it says without its sizes is its definition: if that changed
 * between plan and cut-over, the plan is void.
 *
 * @param foreignOwner whether another role than Caretaker's owns it
 * @param kind relkind
 * @param persistence relpersistence
 * @param identity relreplident
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
        Optional<String> tablespace,
        Optional<String> comment,
        List<Column> columns,
        List<Index> indexes,
        List<Constraint> constraints,
        List<Trigger> triggers,
        List<Rewrite> rewrites,
        List<Policy> policies,
        List<Function> functions,
        List<Publication> publications,
        List<Grant> grants) {

    /** @param generated empty unless its values are computed */
    public record Column(
            int number,
            String name,
            String type,
            String fullType,
            boolean notNull,
            String identity,
            String generated,
            Optional<String> defaultExpression,
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
            boolean cycle) {}

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
     * @param type c or f
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
            boolean inherited) {}

    /** @param enabled tgenabled */
    public record Trigger(String name, String definition, String enabled, boolean eachRow, boolean transitions) {}

    /**
     * A rule of the table, or a view over it.
     *
     * @param kind rule, view, materialized or other
     */
    public record Rewrite(
            String kind,
            Optional<TableName> view,
            String name,
            Optional<String> definition,
            List<String> options,
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
     * @param kind "body" or "row type"
     * @param what as the server describes it
     */
    public record Function(String kind, String what, Optional<String> definition, boolean mayAct) {}

    public record Publication(String name, boolean allTables) {}

    /**
     * @param privilege DEFAULT: new tables are granted to that role without being asked
     * @param grantee empty: everybody
     */
    public record Grant(String privilege, String grantee, boolean grantable, Optional<String> column) {}

    public Optional<Column> column(String wanted) {
        return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
    }

    @JsonIgnore
    public List<Constraint> checks() {
        return constraints.stream()
                .filter(constraint -> constraint.type().equals("c"))
                .toList();
    }

    /** Its foreign keys to other tables. */
    @JsonIgnore
    public List<Constraint> outgoing() {
        return constraints.stream()
                .filter(key -> key.type().equals("f") && key.tableOid() == oid && key.referencedOid() != oid)
                .toList();
    }

    /** Foreign keys to it, its own ones among them. */
    @JsonIgnore
    public List<Constraint> incoming() {
        return constraints.stream()
                .filter(key -> key.type().equals("f") && key.referencedOid() == oid)
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
