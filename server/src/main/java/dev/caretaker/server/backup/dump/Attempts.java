package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.RowPipe;
import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
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
import java.util.Arrays;
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
    private static final Pattern ENCODING = Pattern.compile("^SET client_encoding = '(\\w+)';$", Pattern.MULTILINE);
    /** A command of psql, which it must be told at the end if it was told another one at the beginning. */
    private static final String RESTRICT = "\\restrict ";

    private static final String UNRESTRICT = "\n\\unrestrict ";
    private static final String COPY = "COPY ";
    private static final String FROM = " FROM stdin;";
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
    Optional<SQLException> make(TocEntry entry, Optional<TableName> table) throws SQLException, IOException {
        gate.pass();
        if (entry.isLargeObjects()) {
            return Optional.of(new SQLException("pg_restore could not load them", "22000"));
        }
        try {
            if (!entry.isRows()) {
                return statements(entry);
            }
            return table.isPresent() && hasRows(table.get()) ? Optional.empty() : rows(entry);
        } catch (SQLException e) {
            return Optional.of(failure(e));
        }
    }

    /** COPY takes all rows or none. */
    private boolean hasRows(TableName table) throws SQLException {
        return Sql.of("SELECT EXISTS (SELECT FROM ONLY " + Identifiers.quote(table) + ")")
                .one(session.connection(), row -> row.getBoolean(1));
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
    private Optional<SQLException> statements(TocEntry entry) throws SQLException, IOException {
        byte[] all = programs.statements(archive, list(entry), options);
        int begin = end(text(all)) + LAST_SETTING.length();
        String text = Encoding.getDatabaseEncoding(encoding).decode(all, begin, all.length - begin);
        if (settings.contains(RESTRICT)) {
            text = text.substring(0, text.lastIndexOf(UNRESTRICT));
        }
        Optional<SQLException> there = Optional.empty();
        for (NativeQuery statement : Parser.parseJdbcSql(text, true, false, true, false, false)) {
            if (!statement.nativeSql.isBlank()) {
                try {
                    Sql.of(statement.nativeSql).execute(session.connection());
                } catch (SQLException e) {
                    if (!Unmade.isThere(failure(e))) {
                        return Optional.of(e);
                    }
                    there = Optional.of(e);
                }
            }
        }
        return there;
    }

    private Optional<SQLException> rows(TocEntry entry) throws SQLException, IOException {
        Connection connection = session.connection();
        try (Child child = programs.rows(archive, list(entry));
                InputStream from = new BufferedInputStream(child.output(), BUFFER)) {
            connection.setAutoCommit(false);
            Optional<String> copy = copy(from);
            if (copy.isPresent()) {
                RowPipe.copy(connection, copy.get(), buffer -> feed(child, from, buffer));
                connection.commit();
            } else {
                child.result(Programs.LIST);
            }
            return Optional.empty();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The statement that takes the rows, which come behind it; empty if there is none. */
    private Optional<String> copy(InputStream from) throws IOException {
        StringBuilder statement = new StringBuilder();
        Line line = new Line();
        while (line.read(from)) {
            String text = Encoding.getDatabaseEncoding(encoding).decode(line.bytes, 0, line.length);
            if (!statement.isEmpty() || text.startsWith(COPY)) {
                statement.append(text); // a name may have lines
                if (text.endsWith(FROM + "\n")) {
                    return Optional.of(
                            statement.substring(0, statement.length() - 2) + " WITH (ENCODING '" + encoding + "')");
                }
            }
        }
        return Optional.empty();
    }

    private void feed(Child child, InputStream from, RowPipe.Buffer buffer) throws IOException {
        Line line = new Line();
        int rows = 0;
        while (line.read(from)) {
            if (line.isLast()) {
                return;
            }
            buffer.write(line.bytes, 0, line.length);
            if (++rows % 1_000 == 0) {
                gate.pass();
            }
        }
        throw child.failed("ended before all rows were read");
    }

    /** A line with its end; of rows in the text format of COPY none holds another one. */
    private static final class Line {
        private byte[] bytes = new byte[BUFFER];
        private int length;

        boolean read(InputStream from) throws IOException {
            length = 0;
            for (int next = from.read(); next >= 0; next = from.read()) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
                bytes[length++] = (byte) next;
                if (next == '\n') {
                    return true;
                }
            }
            return length > 0;
        }

        boolean isLast() {
            return length == 3 && bytes[0] == '\\' && bytes[1] == '.';
        }
    }
}
