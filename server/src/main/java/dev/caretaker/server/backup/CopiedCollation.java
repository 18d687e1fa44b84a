package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A collation that columns or indexes of a database use.
 *
 * @param schema empty for that of the database
 * @param name empty for that of the database
 * @param provider libc, icu or builtin
 * @param recorded the version with which its indexes were built, as far as the database knows; empty if none is recorded
 * @param actual that of the server's library; empty if it has none, such as C
 * @see <a href="https://www.postgresql.org/docs/current/sql-altercollation.html">Collation versions</a>
 */
public record CopiedCollation(
        String schema, String name, String provider, Optional<String> recorded, Optional<String> actual) {

    static List<CopiedCollation> read(Connection connection, Capabilities capabilities) throws SQLException {
        String resource = capabilities.recordsDatabaseCollationVersion() ? "collations_recorded" : "collations";
        return Sql.resource("backup/" + resource)
                .list(
                        connection,
                        row -> new CopiedCollation(
                                row.getString("schema"),
                                row.getString("name"),
                                row.getString("provider"),
                                Optional.ofNullable(row.getString("recorded")),
                                Optional.ofNullable(row.getString("actual"))));
    }

    private String key() {
        return schema + '.' + name;
    }

    private String called() {
        return name.isEmpty() ? "The collation of the database" : "Collation " + schema + "." + name;
    }

    /** Those of a database with indexes that were built with another version, one sentence each. */
    static List<String> changed(List<CopiedCollation> collations) {
        return collations.stream()
                .filter(one -> one.recorded().isPresent() && one.actual().isPresent())
                .filter(one -> !one.recorded().equals(one.actual()))
                .map(one -> one.called() + " (" + one.provider() + ") is recorded as version "
                        + one.recorded().get() + " in the database that was copied, whose server has "
                        + one.actual().get()
                        + ": indexes on text there may be in another order, and unique keys not unique. Rebuild"
                        + " them (check collation-version).")
                .toList();
    }

    /**
     * What sorts otherwise where a backup was restored than where it was taken, one sentence each; also that this cannot be told, which
     * is no reason to have restored it in vain.
     *
     * @param restored where it is now
     */
    static List<String> differing(List<CopiedCollation> then, Target restored) {
        if (then.isEmpty()) {
            return List.of();
        }
        try {
            return restored.withSession(
                    "caretaker/collations",
                    session -> differing(then, read(session.connection(), session.capabilities())));
        } catch (CaretakerException e) {
            return List.of("Whether texts sort otherwise here than where the backup was taken is not known: "
                    + e.getMessage());
        }
    }

    static List<String> differing(List<CopiedCollation> then, List<CopiedCollation> now) {
        Map<String, CopiedCollation> here =
                now.stream().collect(Collectors.toMap(CopiedCollation::key, Function.identity(), (one, _) -> one));
        List<String> notes = new ArrayList<>();
        for (CopiedCollation one : then) {
            CopiedCollation there = here.get(one.key());
            boolean differs = there != null
                    && one.actual().isPresent()
                    && !(there.provider().equals(one.provider())
                            && there.actual().equals(one.actual()));
            if (differs) {
                notes.add(one.called() + " has version " + one.actual().get() + " (" + one.provider()
                        + ") where the backup was taken, and "
                        + there.actual().orElse("none") + " (" + there.provider()
                        + ") here: texts may sort otherwise. Indexes were built anew with that; ranges of text that"
                        + " divide a table, and files of this database that are moved to the other server, are not.");
            }
        }
        return notes;
    }
}
