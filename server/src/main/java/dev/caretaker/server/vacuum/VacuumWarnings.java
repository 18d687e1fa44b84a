package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.catalog.Catalog;
import dev.caretaker.server.target.catalog.XminHolder;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is worth knowing before a table is vacuumed. */
final class VacuumWarnings {
    /** Dead rows from which it matters that they may have to stay. */
    private static final long ENOUGH_DEAD = 1_000;
    /** A snapshot younger than this is ordinary business. */
    private static final Duration OLD = Duration.ofMinutes(5);

    private final StepContext context;
    private final VacuumRequest request;

    VacuumWarnings(StepContext context, VacuumRequest request) {
        this.context = context;
        this.request = request;
    }

    void before(Session session, TableFigures table) throws SQLException {
        if (request.options().verb() == Verb.ANALYZE) {
            return;
        }
        TableUse use = TableUse.of(session, request.oid());
        if (use.byAutovacuum()) {
            warn("AUTOVACUUM_ACTIVE", "Autovacuum is at table " + request.table() + " already." + use.sentence());
        }
        Optional<XminHolder> oldest = table.dead() < ENOUGH_DEAD ? Optional.empty() : oldest(session);
        Instant now = context.clock().instant();
        if (oldest.filter(holder -> lasting(holder, now)).isPresent()) {
            warn(
                    "XMIN_HELD",
                    "Dead rows of " + request.table() + " may have to stay: " + describe(oldest.get())
                            + " holds the oldest snapshot.");
        }
    }

    /** Who holds the oldest snapshot. */
    static Optional<String> holder(Session session) throws SQLException {
        return oldest(session).map(VacuumWarnings::describe);
    }

    private static Optional<XminHolder> oldest(Session session) throws SQLException {
        return Catalog.xminHorizon(session.connection()).holders().stream().findFirst();
    }

    private static boolean lasting(XminHolder holder, Instant now) {
        return holder.kind() != XminHolder.Kind.BACKEND
                || holder.since().filter(since -> since.plus(OLD).isBefore(now)).isPresent();
    }

    private static String describe(XminHolder holder) {
        String kind = holder.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind + " " + holder.name() + " (" + holder.description() + ", " + holder.age() + " transactions back)";
    }

    private void warn(String code, String message) {
        context.warn(code, message, Map.of("table", request.table().toString()));
    }
}
