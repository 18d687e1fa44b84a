package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table that keeps rows and the one they come from: makes the first, and watches that both stay what they were. */
final class KeptTables {
    private final Keeper.InTable keeper;
    private final long relation;
    private String seen = "";

    /** @param relation whose rows are deleted */
    KeptTables(Keeper.InTable keeper, long relation) {
        this.keeper = keeper;
        this.relation = relation;
    }

    /** @throws CaretakerException ARCHIVE_DOES_NOT_FIT */
    void open(Session session) throws SQLException {
        Optional<KeptTable> table = KeptTable.find(session.connection(), keeper.table(), relation);
        if (table.isEmpty()) {
            make(session);
            table = KeptTable.find(session.connection(), keeper.table(), relation);
        }
        List<String> obstacles = table.map(found -> found.obstacles(keeper, session.capabilities()))
                .orElse(List.of("it was dropped at once"));
        if (!obstacles.isEmpty()) {
            throw CaretakerException.of(
                    Reason.ARCHIVE_DOES_NOT_FIT,
                    "Table " + keeper.table() + " cannot keep what is to be deleted: " + String.join("; ", obstacles)
                            + ".",
                    Map.of("table", keeper.table().toString()));
        }
        seen = signature(session);
    }

    /** Another run may make the same one at the same time. */
    private void make(Session session) throws SQLException {
        try {
            Sql.of(KeptTableText.create(keeper, session.capabilities())).execute(session.connection());
        } catch (SQLException e) {
            if (!PostgresErrors.isDuplicate(e)) {
                throw e;
            }
        }
    }

    /** @throws CaretakerException RELATION_CHANGED */
    void requireUnchanged(Session session) throws SQLException {
        if (!signature(session).equals(seen)) {
            throw CaretakerException.of(
                    Reason.RELATION_CHANGED,
                    "The table whose rows are deleted, or " + keeper.table()
                            + ", which keeps them, was altered (columns, triggers, rules or row security) in the middle.",
                    Map.of("table", keeper.table().toString()));
        }
    }

    private String signature(Session session) throws SQLException {
        return Sql.resource(
                        "cleanup/leave/signature",
                        Long.toString(relation),
                        keeper.table().schema(),
                        keeper.table().name())
                .often()
                .one(session.connection(), row -> row.getString(1));
    }
}
