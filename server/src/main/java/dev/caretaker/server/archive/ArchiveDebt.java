package dev.caretaker.server.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.BackendIdentity;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An archive that is not stored: its rows lie in a spool, or nobody has sealed it. It is sealed where the journal of its run says
 * that the last batch was committed; where even the target cannot tell, with the rows in doubt, which may then be in both.
 */
@Singleton
public final class ArchiveDebt implements DebtKind<ArchiveDebt.Details> {
    /** Name of the kind, for {@link dev.caretaker.server.run.StepContext#strike}. */
    public static final String NAME = "archive-unstored";

    private final ArchiveStore store;
    private final RunStore runs;
    private final Archives archives;

    ArchiveDebt(ArchiveStore store, RunStore runs, Archives archives) {
        this.store = store;
        this.runs = runs;
        this.archives = archives;
    }

    /** Which archive. */
    public record Details(UUID archive) {}

    static Debt of(ArchiveRequest request, long fencedOid) {
        return new Debt(
                NAME,
                object(request),
                request.source().table(),
                fencedOid,
                "Rows of " + request.source().table() + " are archived to "
                        + request.terms().destination()
                        + "; those that have left the table lie in a spool until archive " + request.id()
                        + " is stored.",
                new Details(request.id()));
    }

    /** What is owed, for {@link dev.caretaker.server.run.StepContext#strike}. */
    public static TableName object(ArchiveRequest request) {
        return new TableName(request.terms().destination(), request.id().toString());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Details> detailType() {
        return Details.class;
    }

    @Override
    public Settlement settle(Session session, Details debt, Duration longest) throws SQLException {
        Optional<ArchiveRow> archive = store.find(debt.archive());
        if (archive.isEmpty()) {
            return new Settled("No row was archived.");
        }
        Optional<String> problem = Optional.empty();
        if (archive.get().state() == ArchiveRow.State.OPEN) {
            problem = seal(session, archive.get(), longest);
        } else if (archive.get().state() == ArchiveRow.State.SEALED) {
            archives.carry(archive.get(), longest);
        }
        Sealed now = archives.standing(debt.archive());
        return now.stored() ? new Settled(now.message()) : new StillOpen(problem.orElse(now.message()));
    }

    /** @return why it cannot be sealed */
    private Optional<String> seal(Session session, ArchiveRow archive, Duration longest) throws SQLException {
        if (runs.find(archive.runId()).isEmpty()) {
            return Optional.of("Run " + archive.runId() + " is no longer kept, so nobody knows how far archive "
                    + archive.id() + " reaches; its parts stay in their spool.");
        }
        Marks marks = Marks.of(archive.id(), runs.steps(archive.runId()));
        PartMark end = marks.certain(archive.id());
        long inDoubt = 0;
        if (marks.journal().isPresent()) {
            Optional<Boolean> committed = committed(session, marks.journal().get());
            if (committed.orElse(true)) {
                end = marks.pending().orElseThrow();
                inDoubt = committed.isPresent() ? 0 : marks.rowsInDoubt(closedBetween(marks));
            }
        }
        archives.seal(end, inDoubt, longest);
        return Optional.empty();
    }

    /** Rows of whole parts that lie in doubt, but for the part of the mark that is pending, and less those that are certain. */
    private List<Long> closedBetween(Marks marks) {
        PartMark end = marks.pending().orElseThrow();
        PartMark begin = marks.certain(end.archive());
        return store.parts(end.archive()).stream()
                .filter(part -> part.part() > begin.part() && part.part() < end.part())
                .map(part -> part.rows())
                .toList();
    }

    /** Whether a batch was committed; empty if the server cannot tell. Its backend has ended. */
    private static Optional<Boolean> committed(Session session, JsonNode journal) throws SQLException {
        BackendIdentity then = Json.read(journal.path("backend"), BackendIdentity.class);
        String xid = journal.path("xid").asText("");
        if (xid.isEmpty() || xid.equals("null") || !then.sameIncarnation(session.identity())) {
            return Optional.empty();
        }
        try {
            return Sql.of("SELECT pg_catalog.pg_xact_status(CAST(? AS pg_catalog.xid8))", xid)
                    .first(session.connection(), row -> row.getString(1))
                    .flatMap(status -> switch (status) {
                        case "committed" -> Optional.of(true);
                        case "aborted" -> Optional.of(false);
                        default -> Optional.empty();
                    });
        } catch (SQLException e) {
            if (PostgresErrors.INVALID_PARAMETER_VALUE.equals(e.getSQLState())) {
                return Optional.of(false); // never given out
            }
            throw e;
        }
    }
}
