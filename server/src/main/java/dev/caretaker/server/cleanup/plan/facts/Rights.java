package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the role may do what a policy asks for. All methods fail with MISSING_PRIVILEGE, naming what to grant. */
final class Rights {
    private static final int MOST_NAMED = 5;

    private final Connection connection;
    private final PolicyFacts facts;

    Rights(Connection connection, PolicyFacts facts) {
        this.connection = connection;
        this.facts = facts;
    }

    /** Rights on a partitioned table do not reach its partitions when they are named, as every batch does. */
    void requireOn(List<Piece> pieces) {
        List<String> lacking = new ArrayList<>();
        Set<String> rights = new TreeSet<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Rows) {
                note(piece.relation(), lacking, rights);
            }
        }
        if (pieces.stream().anyMatch(this::isByRoot)) {
            note(facts.tree().root(), lacking, rights);
        }
        if (!lacking.isEmpty()) {
            String some = lacking.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
            int more = lacking.size() - MOST_NAMED;
            throw missing(
                    "Caretaker's role lacks rights for " + some + (more > 0 ? " and " + more + " more" : "")
                            + ": GRANT it " + String.join(" and ", rights) + ".",
                    some);
        }
    }

    private boolean isByRoot(Piece piece) {
        return piece instanceof Piece.Rows
                && RootTriggers.way(facts.tree(), piece.relation()).isPresent();
    }

    private static void note(Relation relation, List<String> lacking, Set<String> rights) {
        Set<String> here = lackingOn(relation);
        if (!here.isEmpty()) {
            lacking.add(Identifiers.quote(relation.name()));
            rights.addAll(here);
        }
    }

    private static Set<String> lackingOn(Relation relation) {
        Set<String> lacking = new HashSet<>();
        if (!relation.rights().select()) {
            lacking.add("SELECT");
        }
        if (!relation.rights().delete()) {
            lacking.add("DELETE");
        }
        if (!relation.rights().schemaUsage()) {
            lacking.add("USAGE on the schema");
        }
        return lacking;
    }

    /** Which rows are pinned is asked of the tables that reference them. */
    void requireOnReferencing(List<Piece> pieces) throws SQLException {
        Set<Long> children = pieces.stream()
                .filter(Piece.Rows.class::isInstance)
                .flatMap(piece -> Eligibilities.pinning(facts.policy().policy(), facts.tree(), piece.relation()))
                .map(ForeignKey::childOid)
                .collect(Collectors.toSet());
        if (children.isEmpty()) {
            return;
        }
        List<String> lacking = Sql.resource("cleanup/unreadable", connection.createArrayOf("oid", children.toArray()))
                .list(connection, row -> Identifiers.quote(new TableName(row.getString(1), row.getString(2))));
        if (!lacking.isEmpty()) {
            String all = String.join(", ", lacking);
            throw missing(
                    "Caretaker's role may not SELECT in " + all + ", whose rows hold back those that policy "
                            + facts.policy().policy().name()
                            + " is to skip (skip_pinned): GRANT it, and USAGE on the schema.",
                    all);
        }
    }

    private CaretakerException missing(String message, String relations) {
        return CaretakerException.of(
                Reason.MISSING_PRIVILEGE,
                message,
                Map.of("policy", facts.policy().policy().name(), "relations", relations));
    }
}
