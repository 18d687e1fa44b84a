package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What an SQLSTATE means to Caretaker.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public final class PostgresErrors {
    public static final String CONNECTION_FAILURE = "08006";
    public static final String INVALID_PARAMETER_VALUE = "22023";
    public static final String FOREIGN_KEY_VIOLATION = "23503";
    public static final String INSUFFICIENT_PRIVILEGE = "42501";
    public static final String LOCK_NOT_AVAILABLE = "55P03";
    public static final String QUERY_CANCELED = "57014";
    public static final String SERIALIZATION_FAILURE = "40001";
    public static final String UNDEFINED_TABLE = "42P01";
    public static final String UNIQUE_VIOLATION = "23505";
    private static final String NOT_IN_PREREQUISITE_STATE = "55000";
    private static final String DUPLICATE_TABLE = "42P07";
    private static final String PROTOCOL_VIOLATION = "08P01";
    /** Starting up, shutting down, being killed, or out of connection slots: may be over soon. */
    private static final Set<String> COMES_BACK = Set.of("57P01", "57P02", "57P03", "57P05", "53300", "25P03", "25P04");

    private static final Set<String> RETRYABLE = Set.of("55P03", "40P01", "40001", "57014", "53200");
    /** Sources of procedural languages (pl_exec.c, plperl.c, plpy_plpymodule.c, pltcl.c, …), none of the planner. */
    private static final Pattern RAISING = Pattern.compile("pl(?!an)|dblink");
    /** Where the server looks for the handler of a foreign data wrapper, and for nothing else that has that state. */
    private static final String HANDLERS = "foreign.c";
    /** Longest part of a message; a DETAIL may show whole rows. */
    private static final int LONGEST = 600;

    private PostgresErrors() {}

    /** Whether the connection is gone or was never had. */
    public static boolean isConnectionLoss(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || COMES_BACK.contains(state)) && !isOfForeignServer(e);
    }

    /**
     * Whether it is about another server that the target reaches for a foreign table, and that is away, refuses or fails: the
     * session with the target is as good as before. What ends that is not of the severity ERROR, and Postgres itself sends
     * no other state of class 08 than a protocol violation, as poolers do.
     */
    public static boolean isOfForeignServer(SQLException e) {
        ServerErrorMessage server = server(e).orElse(null);
        if (server == null || e.getSQLState() == null) {
            return false;
        }
        String state = e.getSQLState();
        boolean alive = "ERROR".equals(server.getSeverity());
        return state.startsWith("HV")
                || (state.startsWith("08") && (alive || !state.equals(PROTOCOL_VIOLATION)))
                || (COMES_BACK.contains(state) && alive);
    }

    /**
     * Whether the same again may work: a lock timeout, deadlock, serialization failure, a cancelled or timed out statement, a
     * lack of memory.
     */
    public static boolean isRetryable(SQLException e) {
        return RETRYABLE.contains(String.valueOf(e.getSQLState()));
    }

    /**
     * Whether a statement failed for what it says or for the values that came with it: classes 22, 23 and 42. The others tell of the
     * server as it is at that moment (a full disk, a lock, a shutdown) or of what Caretaker may do there.
     */
    public static boolean isAboutData(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("42") && !state.equals(INSUFFICIENT_PRIVILEGE);
    }

    /**
     * Whether a login may not do something that another one might: a right is missing, or the only one to reach beyond the database
     * was taken away, the handler of a foreign data wrapper.
     */
    public static boolean isRefusal(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.equals(INSUFFICIENT_PRIVILEGE)
                || state.equals(NOT_IN_PREREQUISITE_STATE)
                        && server(e)
                                .map(ServerErrorMessage::getFile)
                                .filter(HANDLERS::equals)
                                .isPresent();
    }

    /**
     * Whether a function in a procedural language raised it, or a server that dblink asked did: its state and its words are then what
     * somebody chose. An error that PostgreSQL itself found, and that such a function let through, is none of these.
     */
    public static boolean isRaised(SQLException e) {
        return server(e)
                .map(ServerErrorMessage::getFile)
                .filter(file -> RAISING.matcher(file).lookingAt())
                .isPresent();
    }

    /** Whether what was to be made was there already, made by somebody else perhaps in this very moment. */
    public static boolean isDuplicate(SQLException e) {
        return DUPLICATE_TABLE.equals(e.getSQLState()) || UNIQUE_VIOLATION.equals(e.getSQLState());
    }

    /** Whether a lock or an answer was not had in the time that was set for it. */
    public static boolean isTimeout(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || QUERY_CANCELED.equals(e.getSQLState());
    }

    /**
     * Turns an error of Postgres or the driver into one of Caretaker, with all that the server says of it (never the
     * statement, which may hold values).
     *
     * @param target name of the target
     */
    public static CaretakerException translate(String target, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (isConnectionLoss(e) || state.equals("3D000")) {
            return of(Reason.TARGET_UNREACHABLE, "Target " + target + " cannot be reached: " + whole(e), target, e);
        }
        if (state.startsWith("28")) {
            return of(Reason.MISSING_PRIVILEGE, "Target " + target + " refuses the login: " + whole(e), target, e);
        }
        if (state.equals(INSUFFICIENT_PRIVILEGE)) {
            return of(Reason.MISSING_PRIVILEGE, "A right is missing at target " + target + ": " + whole(e), target, e);
        }
        if (state.equals(LOCK_NOT_AVAILABLE)) {
            return of(Reason.LOCK_NOT_AVAILABLE, "A lock was not had in time at target " + target + ".", target, e);
        }
        return of(Reason.STATEMENT_FAILED, "Target " + target + " refused a statement: " + whole(e), target, e);
    }

    /**
     * The primary message with the server's DETAIL, HINT and CONTEXT, such as the function and trigger statement that raised it;
     * one line.
     */
    public static String whole(SQLException e) {
        StringBuilder told = new StringBuilder(primary(e));
        server(e).ifPresent(server -> {
            part(server.getDetail()).ifPresent(detail -> told.append(' ').append(ended(detail)));
            part(server.getHint()).ifPresent(hint -> told.append(" Hint: ").append(ended(hint)));
            context(e).ifPresent(context -> told.append(" In: ").append(ended(context)));
        });
        return told.toString();
    }

    /** {@link #whole} without its full stop, for the middle of a sentence. */
    public static String clause(SQLException e) {
        String whole = whole(e);
        return whole.endsWith(".") ? whole.substring(0, whole.length() - 1) : whole;
    }

    /** Where the server was when it raised the error, innermost first: functions, statements within them; one line. */
    public static Optional<String> context(SQLException e) {
        return server(e)
                .flatMap(server -> part(
                        server.getWhere() == null
                                ? null
                                : server.getWhere().strip().replaceAll("\\s*\\R\\s*", "; ")));
    }

    /** What the server says of an error beside its message, by name; the parts that are there. */
    public static Map<String, String> details(SQLException e) {
        Map<String, String> details = new LinkedHashMap<>();
        server(e).ifPresent(server -> {
            put(details, "detail", server.getDetail());
            put(details, "hint", server.getHint());
            put(details, "context", server.getWhere());
            put(details, "schema", server.getSchema());
            put(details, "table", server.getTable());
            put(details, "column", server.getColumn());
            put(details, "data_type", server.getDatatype());
            put(details, "constraint", server.getConstraint());
        });
        return details;
    }

    /** What the server reported; empty if the error is the driver's own. */
    public static Optional<ServerErrorMessage> server(SQLException e) {
        return e instanceof PSQLException postgres
                ? Optional.ofNullable(postgres.getServerErrorMessage())
                : Optional.empty();
    }

    private static void put(Map<String, String> details, String name, String value) {
        part(value).ifPresent(known -> details.put(name, known));
    }

    private static Optional<String> part(String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
        return Optional.of(line.length() > LONGEST ? line.substring(0, LONGEST) + " …" : line);
    }

    private static String ended(String text) {
        return text.matches(".*[.?!…]") ? text : text + ".";
    }

    /** The primary message of the server, or of the driver if it did not come from the server; one line. */
    private static String primary(SQLException e) {
        String message = server(e).map(ServerErrorMessage::getMessage).orElse(e.getMessage());
        String line = String.valueOf(message).replaceAll("\\s*\\R\\s*", " ").strip();
        if (e.getCause() instanceof UnknownHostException unknown) {
            // The driver's own words leave out which and why.
            line = "The host " + unknown.getMessage() + " is not known";
        }
        return line.endsWith(".") ? line : line + ".";
    }

    private static CaretakerException of(Reason reason, String message, String target, SQLException e) {
        Map<String, String> details = details(e);
        details.put("target", target);
        return CaretakerException.of(reason, message, details, e);
    }
}
