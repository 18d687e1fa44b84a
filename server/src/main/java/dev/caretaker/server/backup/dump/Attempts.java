package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.RowPipe;
import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.core.Encoding;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * Tries entries of an archive once more, each by itself, in a session of ours: the server then tells in fields of their own what was in
 * the way, where pg_restore only has words, which may be anybody's. What is there already stays as it is.
 */
final class Attempts {
    /** What pg_restore sets last before the first entry. */
    private static final String LAST_SETTING = "\nSET row_security = off;\n";

    private static final Pattern SETTING = Pattern.compile("^SET (\\w+) = .*;$", Pattern.MULTILINE);
    /** A setting before the statement that makes an entry, such as default_tablespace; comments come before it. */
    private static final Pattern SET = Pattern.compile("(?:\\s|--[^\n]*\n)*+SET \\w");

    private static final Pattern ENCODING = Pattern.compile("^SET client_encoding = '(\\w+)';$", Pattern.MULTILINE);
    /** A command of psql, which it must be told at the end if it was told another one at the beginning. */
    private static final String RESTRICT = "\\restrict ";

    private static final String UNRESTRICT = "\n\\unrestrict ";
    private static final int BUFFER = 64 << 10;

    private final Programs programs;
    private final Path archive;
    private final List<String> options;
    private final WorkFolder folder;
    private final Session session;
    private final Gate gate;
    private final String settings;
    private final String encoding;

    /**
     * Makes ready.
     *
     * @param options of pg_restore that say how an entry is made
     * @param session in autocommit, which does nothing else
     */
    Attempts(Programs programs, Path archive, List<String> options, WorkFolder folder, Session session, Gate gate)
            throws SQLException {
        this.programs = programs;
        this.archive = archive;
        this.options = options;
        this.folder = folder;
        this.session = session;
        this.gate = gate;
        String nothing = text(programs.statements(archive, folder.write("nothing", ""), options));
        this.settings = nothing.substring(0, end(nothing));
        Matcher encoded = ENCODING.matcher(settings);
        this.encoding = encoded.find() ? encoded.group(1) : "UTF8";
        for (String setting : List.of(
                "statement_timeout = 0",
                "lock_timeout = 0",
                "idle_session_timeout = 0",
                "idle_in_transaction_session_timeout = 0",
                "client_min_messages = error",
                "check_function_bodies = off",
                "xmloption = content",
                "row_security = off",
                "search_path = ''")) {
            Sql.of("SET " + setting).execute(session.connection());
        }
    }

    /** Bytes one by one. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static int end(String statements) {
        return Math.max(0, statements.indexOf(LAST_SETTING));
    }

    /** Settings that this pg_restore makes and that this server does not know: nothing lacks without them. */
    List<String> unknownSettings() throws SQLException {
        List<String> unknown = new ArrayList<>();
        Matcher setting = SETTING.matcher(settings);
        while (setting.find()) {
            boolean known = Sql.of(
                            "SELECT EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = ?)", setting.group(1))
                    .one(session.connection(), row -> row.getBoolean(1));
            if (!known) {
                unknown.add(setting.group(1));
            }
        }
        return unknown;
    }

    /**
     * Makes an entry, unless it is there.
     *
     * @param table whose rows it holds, if that is known
     * @return what was in the way
     * @throws SQLException if something is in the way of everything, such as a full disk
     */
    Optional<Obstacle> make(TocEntry entry, Optional<TableName> table) throws SQLException, IOException {
        gate.pass();
        if (entry.isContentsOfLargeObjects()) {
            return Optional.of(new Obstacle(new SQLException("pg_restore could not load them"), Obstacle.Of.ITSELF));
        }
        try {
            if (!entry.isRows()) {
                return statements(entry);
            }
            return table.isPresent() && hasRows(table.get()) ? Optional.empty() : rows(entry);
        } catch (SQLException e) {
            return Optional.of(new Obstacle(failure(e), Obstacle.Of.ITSELF));
        }
    }

    /** COPY takes all rows or none. */
    private boolean hasRows(TableName table) throws SQLException {
        return Sql.of("SELECT EXISTS (SELECT FROM ONLY " + Identifiers.quote(table) + ")")
                .one(session.connection(), row -> row.getBoolean(1));
    }

    /** What was in the way, and of what. */
    record Obstacle(SQLException error, Of of) {
        enum Of {
            /** It could not be made. */
            ITSELF,
            /** It was there before this attempt, as it may have been before all of them. */
            THERE,
            /** It is there, and something that is said of it later is not, such as its owner. */
            LATER
        }
    }

    private static SQLException failure(SQLException e) throws SQLException {
        if (Unmade.endsAll(e)) {
            throw e;
        }
        return e;
    }

    private Path list(TocEntry entry) {
        return folder.write("one", entry.number() + ";\n");
    }

    /** One of several statements may have been made before, such as that of a table before that of its owner. */
    private Optional<Obstacle> statements(TocEntry entry) throws SQLException, IOException {
        byte[] all = programs.statements(archive, list(entry), options);
        int begin = end(text(all)) + LAST_SETTING.length();
        String text = Encoding.getDatabaseEncoding(encoding).decode(all, begin, all.length - begin);
        if (settings.contains(RESTRICT)) {
            text = text.substring(0, text.lastIndexOf(UNRESTRICT));
        }
        Optional<Obstacle> there = Optional.empty();
        boolean made = false;
        for (NativeQuery statement : Parser.parseJdbcSql(text, true, false, true, false, false)) {
            if (!statement.nativeSql.isBlank()) {
                try {
                    Sql.of(statement.nativeSql).execute(session.connection());
                    made = made || !SET.matcher(statement.nativeSql).lookingAt();
                } catch (SQLException e) {
                    if (!isThere(entry, failure(e))) {
                        return Optional.of(new Obstacle(e, made ? Obstacle.Of.LATER : Obstacle.Of.ITSELF));
                    }
                    made = true;
                    there = Optional.of(new Obstacle(e, Obstacle.Of.THERE));
                }
            }
        }
        return there;
    }

    /** Of large objects a unique key says so. */
    private static boolean isThere(TocEntry entry, SQLException e) {
        return entry.isLargeObject() ? PostgresErrors.isDuplicate(e) : Unmade.isThere(e);
    }

    /** The program is started first: without it there is no transaction to end. */
    private Optional<Obstacle> rows(TocEntry entry) throws SQLException, IOException {
        Connection connection = session.connection();
        try (Child child = programs.rows(archive, list(entry));
                InputStream from = new BufferedInputStream(child.output(), BUFFER)) {
            CopyLines lines = new CopyLines(from, encoding, gate);
            Optional<String> copy = lines.copy();
            if (copy.isEmpty()) {
                child.result(Programs.LIST);
                return Optional.empty();
            }
            connection.setAutoCommit(false);
            try {
                RowPipe.copy(connection, copy.get(), buffer -> feed(child, lines, buffer));
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return Optional.empty();
        }
    }

    private static void feed(Child child, CopyLines lines, RowPipe.Buffer buffer) throws IOException {
        if (!lines.feed(buffer)) {
            throw child.failed("ended before all rows were read");
        }
    }
}
