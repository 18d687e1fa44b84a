package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Grant;
import dev.caretaker.server.partition.conversion.table.PlainTable.Index;
import dev.caretaker.server.partition.conversion.table.PlainTable.Policy;
import dev.caretaker.server.partition.conversion.table.PlainTable.Rewrite;
import dev.caretaker.server.partition.conversion.table.PlainTable.Sequence;
import dev.caretaker.server.partition.conversion.table.PlainTable.Trigger;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Statements that make again what hangs on a table, for whatever bears its name when they run. Definitions are the server's own
 * words, with every name qualified.
 */
final class Definitions {
    private static final Map<String, String> COMMANDS =
            Map.of("r", "SELECT", "a", "INSERT", "w", "UPDATE", "d", "DELETE", "*", "ALL");
    private static final Map<String, String> ENABLING =
            Map.of("D", "DISABLE TRIGGER ", "R", "ENABLE REPLICA TRIGGER ", "A", "ENABLE ALWAYS TRIGGER ");

    private final PlainTable table;
    private final String alter;

    Definitions(PlainTable table) {
        this.table = table;
        this.alter = "ALTER TABLE " + Identifiers.quote(table.name()) + " ";
    }

    /** {@code ALTER TABLE } and its name. */
    String alter() {
        return alter;
    }

    static String alter(TableName other) {
        return "ALTER TABLE " + Identifiers.quote(other) + " ";
    }

    List<String> triggers() {
        List<String> statements = new ArrayList<>();
        for (Trigger trigger : table.triggers()) {
            statements.add(trigger.definition());
            if (ENABLING.containsKey(trigger.enabled())) {
                statements.add(alter + ENABLING.get(trigger.enabled()) + Identifiers.quote(trigger.name()));
            }
        }
        return statements;
    }

    List<String> dropTriggers() {
        return table.triggers().stream()
                .map(trigger ->
                        "DROP TRIGGER " + Identifiers.quote(trigger.name()) + " ON " + Identifiers.quote(table.name()))
                .toList();
    }

    /** Rules, views, functions and publications: they name the table. */
    List<String> dependents() {
        List<String> statements = new ArrayList<>();
        table.views().forEach(view -> statements.add(view(view)));
        table.functions().forEach(function -> function.definition().ifPresent(statements::add));
        return statements;
    }

    private static String view(Rewrite view) {
        String options = view.options().isEmpty()
                ? ""
                : " WITH (" + view.options().stream().map(Definitions::option).collect(Collectors.joining(", ")) + ")";
        return "CREATE OR REPLACE VIEW " + Identifiers.quote(view.view().orElseThrow()) + options + " AS "
                + view.definition().orElseThrow();
    }

    private static String option(String text) {
        int equals = text.indexOf('=');
        return Identifiers.quote(text.substring(0, equals)) + " = " + Literals.quote(text.substring(equals + 1));
    }

    List<String> rules() {
        return table.rules().stream()
                .map(rule -> rule.definition().orElseThrow())
                .toList();
    }

    List<String> publications() {
        return table.publications().stream()
                .filter(publication -> !publication.allTables())
                .map(publication -> "ALTER PUBLICATION " + Identifiers.quote(publication.name()) + " ADD TABLE "
                        + Identifiers.quote(table.name()))
                .toList();
    }

    List<String> rowSecurity() {
        List<String> statements = new ArrayList<>();
        if (table.rowSecurity()) {
            statements.add(alter + "ENABLE ROW LEVEL SECURITY");
        }
        if (table.forcedRowSecurity()) {
            statements.add(alter + "FORCE ROW LEVEL SECURITY");
        }
        table.policies().forEach(policy -> statements.add(policy(policy)));
        return statements;
    }

    private String policy(Policy policy) {
        String roles = policy.roles().stream()
                .map(role -> role.isEmpty() ? "PUBLIC" : Identifiers.quote(role))
                .collect(Collectors.joining(", "));
        return "CREATE POLICY " + Identifiers.quote(policy.name()) + " ON " + Identifiers.quote(table.name()) + " AS "
                + (policy.permissive() ? "PERMISSIVE" : "RESTRICTIVE") + " FOR " + COMMANDS.get(policy.command())
                + " TO " + roles
                + policy.using().map(text -> " USING (" + text + ")").orElse("")
                + policy.check().map(text -> " WITH CHECK (" + text + ")").orElse("");
    }

    /** Owner and rights, for the table of that name; what this role's defaults grant is taken back first. */
    List<String> rights(TableName to) {
        String quoted = Identifiers.quote(to);
        List<String> statements = new ArrayList<>();
        for (Grant grant : table.grants()) {
            if (grant.privilege().equals("DEFAULT")) {
                statements.add("REVOKE ALL ON TABLE " + quoted + " FROM " + role(grant));
            }
        }
        if (table.foreignOwner()) {
            statements.add(alter(to) + "OWNER TO " + Identifiers.quote(table.owner()));
        }
        for (Grant grant : table.grants()) {
            if (!grant.privilege().equals("DEFAULT")) {
                statements.add("GRANT " + grant.privilege()
                        + grant.column()
                                .map(column -> " (" + Identifiers.quote(column) + ")")
                                .orElse("")
                        + " ON TABLE " + quoted + " TO " + role(grant)
                        + (grant.grantable() ? " WITH GRANT OPTION" : ""));
            }
        }
        return statements;
    }

    private static String role(Grant grant) {
        return grant.grantee().isEmpty() ? "PUBLIC" : Identifiers.quote(grant.grantee());
    }

    String comment(TableName on) {
        return "COMMENT ON TABLE " + Identifiers.quote(on) + " IS "
                + Literals.quote(table.comment().orElseThrow());
    }

    /** Serial columns: what they take their values from goes with the table that bears the name. */
    List<String> ownSequences() {
        List<String> statements = new ArrayList<>();
        for (Column column : table.columns()) {
            if (!column.isIdentity() && column.sequence().isPresent()) {
                statements.add("ALTER SEQUENCE "
                        + Identifiers.quote(column.sequence().get().name()) + " OWNED BY "
                        + Identifiers.quote(table.name()) + "." + Identifiers.quote(column.name()));
            }
        }
        return statements;
    }

    /**
     * Moves the identity of columns to the table that bears the name, going on where it stands.
     *
     * @param from the table that has it
     */
    List<String> moveIdentity(TableName from) {
        List<String> statements = new ArrayList<>();
        for (Column column : table.columns()) {
            if (column.isIdentity() && column.sequence().isPresent()) {
                statements.addAll(moveIdentity(column, column.sequence().get(), from));
            }
        }
        return statements;
    }

    private List<String> moveIdentity(Column column, Sequence sequence, TableName from) {
        String name = Identifiers.quote(column.name());
        TableName fresh = new TableName(
                sequence.name().schema(), Names.with(sequence.name().name(), "__caretaker"));
        String quoted = Identifiers.quote(fresh);
        String kind = column.identity().equals("a") ? "ALWAYS" : "BY DEFAULT";
        String options = String.format(
                Locale.ROOT,
                "SEQUENCE NAME %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s",
                quoted,
                sequence.start(),
                sequence.increment(),
                sequence.min(),
                sequence.max(),
                sequence.cache(),
                sequence.cycle() ? "CYCLE" : "NO CYCLE");
        return List.of(
                alter + "ALTER COLUMN " + name + " ADD GENERATED " + kind + " AS IDENTITY (" + options + ")",
                "SELECT pg_catalog.setval(" + Literals.quote(quoted)
                        + "::pg_catalog.regclass, s.last_value, s.is_called) FROM "
                        + Identifiers.quote(sequence.name()) + " AS s",
                alter(from) + "ALTER COLUMN " + name + " DROP IDENTITY",
                "ALTER SEQUENCE " + quoted + " RENAME TO "
                        + Identifiers.quote(sequence.name().name()));
    }

    static String comment(TableName index, Index as) {
        return "COMMENT ON INDEX " + Identifiers.quote(index) + " IS "
                + Literals.quote(as.comment().orElseThrow());
    }
}
