package dev.caretaker.server.run.engine;

import dev.caretaker.server.archive.ArchiveDebt;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.Piece;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.PGConnection;

/** All rows of a table t (id, body) leave into an archive at "nas", in the order of their ids. */
@Singleton
@Requires(property = "test.engine")
final class ArchivingKind implements StepKind<ArchivingKind.Work> {
    static final String NAME = "test-archive";

    private final Archives archives;

    ArchivingKind(Archives archives) {
        this.archives = archives;
    }

    record Work(UUID archive, long oid, boolean overlaps) {}

    record Cursor(long id, PartMark mark) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Work> parameterType() {
        return Work.class;
    }

    @Override
    public Step open(Work work, StepContext context) {
        return new Archiving(work, context);
    }

    private final class Archiving implements BatchStep<Cursor> {
        private final Work work;
        private final StepContext context;
        private Optional<Spool> spool = Optional.empty();
        private ArchiveSource source;
        private PartMark latest;

        Archiving(Work work, StepContext context) {
            this.work = work;
            this.context = context;
        }

        @Override
        public long fencedOid() {
            return work.oid();
        }

        @Override
        public Class<Cursor> cursorType() {
            return Cursor.class;
        }

        @Override
        public Cursor prepare(Session session, Optional<Cursor> stored) throws SQLException {
            spool.ifPresent(Spool::close);
            source = ArchiveSources.read(session.connection(), work.oid()).orElseThrow();
            ArchiveRequest request = new ArchiveRequest(
                    work.archive(),
                    "shop",
                    source,
                    "p",
                    Optional.empty(),
                    context.runId(),
                    TestEngine.ALICE,
                    Optional.empty(),
                    "all",
                    Optional.empty(),
                    new ArchiveTerms("nas", "csv", "zstd", 100_000, VerifyLevel.READ_BACK));
            context.owe(Archives.debt(request, work.oid()));
            spool = Optional.of(archives.open(request));
            Cursor cursor = stored.orElse(new Cursor(0, PartMark.start(work.archive())));
            latest = cursor.mark();
            return cursor;
        }

        @Override
        public BatchSizing sizing() {
            return new BatchSizing(500, 100, 2_000);
        }

        @Override
        public boolean goesOnBehind() {
            return true;
        }

        @Override
        public boolean overlaps() {
            return work.overlaps();
        }

        @Override
        public boolean mayOverlap(Cursor at) {
            return spool.orElseThrow().mayOverlap(at.mark());
        }

        @Override
        public Optional<Cursor> startedOver(Cursor cursor) {
            return Optional.of(new Cursor(0, cursor.mark()));
        }

        @Override
        public Batch<Cursor> next(Session session, Cursor from, long size) throws SQLException {
            Connection connection = session.connection();
            Spool open = spool.orElseThrow();
            try {
                open.continueAt(from.mark());
                TextSettings.apply(connection);
                String some = " WHERE id OPERATOR(pg_catalog.>) " + from.id() + " AND id OPERATOR(pg_catalog.<=) "
                        + (from.id() + size);
                Piece piece = Sql.of("SELECT pg_catalog.count(*), COALESCE(" + RowHash.sum(source.columns(), "t")
                                + ", 0) FROM public.t AS t" + some)
                        .one(
                                connection,
                                row -> new Piece(
                                        row.getLong(1), row.getBigDecimal(2), Optional.empty(), Optional.empty()));
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut(
                                "COPY (DELETE FROM ONLY public.t" + some
                                        + " RETURNING id, body) TO STDOUT (FORMAT csv)",
                                open.out());
                PartMark mark = open.mark(piece);
                boolean last = Sql.of("SELECT NOT EXISTS (SELECT FROM public.t WHERE id OPERATOR(pg_catalog.>) "
                                + (from.id() + size) + ")")
                        .one(connection, row -> row.getBoolean(1));
                latest = mark;
                return new Batch<>(new Cursor(from.id() + size, mark), last, Totals.ofRows(piece.rows(), 0), 1, -1, "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void makeDurable(Cursor reached) {
            try {
                spool.orElseThrow().makeDurable(reached.mark());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void discard() {
            spool.ifPresent(Spool::discard);
        }

        @Override
        public long remaining(Session session, Cursor from, Cursor to) throws SQLException {
            return Sql.of("SELECT pg_catalog.count(*) FROM public.t WHERE id OPERATOR(pg_catalog.>) " + from.id()
                            + " AND id OPERATOR(pg_catalog.<=) " + to.id())
                    .one(session.connection(), row -> row.getLong(1));
        }

        @Override
        public boolean undone(Session session, Cursor from, Cursor to, String since) throws SQLException {
            return remaining(session, from, to) > 0;
        }

        @Override
        public Totals finish(Session session) {
            if (archives.seal(latest).stored()) {
                context.strike(
                        ArchiveDebt.NAME, new TableName("nas", work.archive().toString()));
            }
            spool.ifPresent(Spool::close);
            return Totals.NONE;
        }
    }
}
