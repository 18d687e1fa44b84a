package dev.caretaker.server.reindex;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * A concurrent rebuild that may have left an index half built: details of that debt.
 *
 * @param foreign oids of leftovers that were on the table before it began: they are somebody else's
 */
public record IndexBuild(TableName index, long tableOid, TableName table, List<Long> foreign) {

    /** What it left and is still there. */
    List<Leftover> debris(Session session) throws SQLException {
        return Leftover.read(session.connection(), OptionalLong.of(tableOid)).stream()
                .filter(leftover -> !foreign.contains(leftover.oid()) && leftover.isOf(index))
                .toList();
    }
}
