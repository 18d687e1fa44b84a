package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Grant;
import dev.caretaker.server.partition.conversion.table.PlainTable.Policy;
import dev.caretaker.server.partition.conversion.table.PlainTable.Rewrite;
import dev.caretaker.server.partition.conversion.table.PlainTable.Statistics;
import dev.caretaker.server.partition.conversion.table.PlainTable.Trigger;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    private static final Map<String, String> RULES =
            Map.of("D", "DISABLE RULE ", "R", "ENABLE REPLICA RULE ", "A", "ENABLE ALWAYS RULE ");

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
        table.functions().stream()
                .flatMap(function -> function.definition().stream())
                .forEach(definition -> statements.add(whole(definition)));
        return statements;
    }

    /** A body in SQL has semicolons of its own, at which the driver would cut it. */
    private static String whole(String function) {
        return function.contains("BEGIN ATOMIC")
                ? "DO " + Literals.quote("BEGIN EXECUTE " + Literals.quote(function) + "; END")
                : function;
    }

    private static String view(Rewrite view) {
        String options = view.options().isEmpty() ? "" : " WITH (" + options(view.options()) + ")";
        return "CREATE OR REPLACE VIEW " + Identifiers.quote(view.view().orElseThrow()) + options + " AS "
                + view.definition().orElseThrow();
    }

    /** Options as they stand in the catalog, {@code toast.autovacuum_enabled=false} among them, as they are written in SQL. */
    static String options(List<String> stored) {
        return stored.stream().map(Definitions::option).collect(Collectors.joining(", "));
    }

    private static String option(String text) {
        int equals = text.indexOf('=');
        String name = Arrays.stream(text.substring(0, equals).split("\\."))
                .map(Identifiers::quote)
                .collect(Collectors.joining("."));
        return name + " = " + Literals.quote(text.substring(equals + 1));
    }

    List<String> rules() {
        List<String> statements = new ArrayList<>();
        for (Rewrite rule : table.rules()) {
            statements.add(rule.definition().orElseThrow());
            rule.enabled()
                    .map(RULES::get)
                    .ifPresent(enabling -> statements.add(alter + enabling + Identifiers.quote(rule.name())));
        }
        return statements;
    }

    List<String> publications() {
        return table.publications().stream()
                .filter(publication -> !publication.byItself())
                .map(publication -> "ALTER PUBLICATION " + Identifiers.quote(publication.name()) + " ADD TABLE "
                        + Identifiers.quote(table.name())
                        + (publication.columns().isEmpty()
                                ? ""
                                : publication.columns().stream()
                                        .map(Identifiers::quote)
                                        .collect(Collectors.joining(", ", " (", ")")))
                        + publication
                                .filter()
                                .map(filter -> " WHERE (" + filter + ")")
                                .orElse(""))
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

    static String role(Grant grant) {
        return grant.grantee().isEmpty() ? "PUBLIC" : Identifiers.quote(grant.grantee());
    }

    String comment(TableName on) {
        return "COMMENT ON TABLE " + Identifiers.quote(on) + " IS "
                + Literals.quote(table.comment().orElseThrow());
    }

    static String comment(TableName index, String comment) {
        return "COMMENT ON INDEX " + Identifiers.quote(index) + " IS " + Literals.quote(comment);
    }

    /** On what is made anew: triggers, policies, rules, constraints. */
    List<String> comments() {
        return table.comments().stream()
                .map(comment -> "COMMENT ON " + comment.kind() + " " + Identifiers.quote(comment.name()) + " ON "
                        + Identifiers.quote(table.name()) + " IS " + Literals.quote(comment.text()))
                .toList();
    }

    /** The table's own extended statistics get out of the way. */
    List<String> statisticsAside() {
        return table.statistics().stream()
                .map(statistics -> "ALTER STATISTICS " + Identifiers.quote(statistics.name()) + " RENAME TO "
                        + Identifiers.quote(aside(statistics).name()))
                .toList();
    }

    /** The same for the table that bears the name. */
    List<String> statistics() {
        List<String> statements = new ArrayList<>();
        for (Statistics statistics : table.statistics()) {
            String name = Identifiers.quote(statistics.name());
            statements.add(statistics.definition());
            if (statistics.target() >= 0) {
                statements.add("ALTER STATISTICS " + name + " SET STATISTICS " + statistics.target());
            }
            statistics
                    .comment()
                    .ifPresent(comment ->
                            statements.add("COMMENT ON STATISTICS " + name + " IS " + Literals.quote(comment)));
        }
        return statements;
    }

    /** Those that stepped aside. */
    List<String> statisticsBack() {
        return table.statistics().stream()
                .map(statistics -> "ALTER STATISTICS " + Identifiers.quote(aside(statistics)) + " RENAME TO "
                        + Identifiers.quote(statistics.name().name()))
                .toList();
    }

    private static TableName aside(Statistics statistics) {
        return new TableName(
                statistics.name().schema(), Names.with(statistics.name().name(), "_legacy"));
    }
}
