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
    /** A snapshot younger than this is ordinary business: gone before VACUUM comes to look. */
    private static final Duration ORDINARY = Duration.ofSeconds(1);

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
        boolean freezes = request.options().freeze() || request.options().aggressive();
        if (freezes || table.dead() >= ENOUGH_DEAD) {
            Instant now = context.clock().instant();
            oldest(session)
                    .filter(holder -> lasting(holder, now))
                    .ifPresent(holder -> warn(
                            "XMIN_HELD",
                            (freezes
                                            ? "Rows of " + request.table() + " may not be frozen, and dead ones"
                                            : "Dead rows of " + request.table())
                                    + " may have to stay: " + describe(holder) + " holds the oldest snapshot."));
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
                || holder.since()
                        .filter(since -> since.plus(ORDINARY).isBefore(now))
                        .isPresent();
    }

    private static String describe(XminHolder holder) {
        String kind = holder.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind + " " + holder.name() + " (" + holder.description() + ", " + holder.age() + " transactions back)";
    }

    private void warn(String code, String message) {
        context.warn(code, message, Map.of("table", request.table().toString()));
    }
}
