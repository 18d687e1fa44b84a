package dev.caretaker.server.backup;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes an empty scratch database on any server, and drops it. */
final class ScratchDatabase {
    /** There is no such locale, or no such provider of locales in that build of PostgreSQL. */
    private static final Set<String> UNKNOWN = Set.of("42809", PostgresErrors.INVALID_PARAMETER_VALUE, "0A000");
    /** First version that says whose collations a database has. */
    private static final int PROVIDERS = 15;

    private ScratchDatabase() {}

    /** With the encoding and, where it exists there, the collation of the one that was copied. */
    static void create(Connection connection, Copied.Source source, String database, List<String> notes)
            throws SQLException {
        drop(connection, database); // an attempt that was cut short may have left it: the name is the run's own
        String made = "CREATE DATABASE " + Identifiers.quote(database) + " TEMPLATE template0 ENCODING '"
                + source.encoding().replaceAll("[^A-Za-z0-9_]", "") + "'";
        List<Collation> possible = possible(connection, source);
        for (Collation collation : possible) {
            try {
                Sql.of(made + collation.options()).execute(connection);
                notes.addAll(collation.notes());
                return;
            } catch (SQLException e) {
                if (!UNKNOWN.contains(String.valueOf(e.getSQLState())) || collation.equals(possible.getLast())) {
                    throw e;
                }
            }
        }
    }

    private record Collation(String options, List<String> notes) {}

    /** The likest first. */
    private static List<Collation> possible(Connection connection, Copied.Source source) throws SQLException {
        String same = libc(source.locale());
        String other = libc("C");
        String lacks = "Collation " + source.locale() + " does not exist there; C took its place";
        List<Collation> possible = new ArrayList<>();
        String without = "";
        if (source.provider().isPresent()) {
            Copied.Provider provider = source.provider().get();
            String name = provider.name().replaceAll("[^a-z]", "");
            String named = " LOCALE_PROVIDER " + name + " " + name + "_LOCALE " + Literals.quote(provider.locale());
            possible.add(new Collation(named + same, List.of()));
            possible.add(new Collation(named + other, List.of(lacks + " where only that of the C library counts.")));
            without = "Collation " + provider.locale() + " of the provider " + provider.name()
                    + " does not exist there; one of the C library took its place.";
        }
        // Else it would be that of the template.
        String libc = connection.getMetaData().getDatabaseMajorVersion() < PROVIDERS ? "" : " LOCALE_PROVIDER libc";
        List<String> told = without.isEmpty() ? List.of() : List.of(without);
        possible.add(new Collation(libc + same, told));
        List<String> toldOfBoth = new ArrayList<>(told);
        toldOfBoth.add(lacks + ", and tables partitioned by ranges of text may refuse rows there.");
        possible.add(new Collation(libc + other, toldOfBoth));
        return possible;
    }

    private static String libc(String locale) {
        return " LC_COLLATE " + Literals.quote(locale) + " LC_CTYPE " + Literals.quote(locale);
    }

    static void drop(Connection connection, String database) throws SQLException {
        Sql.of("DROP DATABASE IF EXISTS " + Identifiers.quote(database) + " WITH (FORCE)")
                .execute(connection);
    }
}
