package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whole rows are kept in one place, and figures of them in another: both by the statement that deletes them. */
final class Together implements Leaving {
    /** Rows of all deletes of a statement. */
    private static final String ALL = "gone_together";

    private final Leaving whole;
    private final Leaving figures;

    Together(Leaving whole, Leaving figures) {
        this.whole = whole;
        this.figures = figures;
    }

    @Override
    public void open(Session session) throws SQLException {
        whole.open(session);
        figures.open(session);
    }

    @Override
    public long delete(Session session, SqlFragment delete) throws SQLException {
        String relation = besides(columns());
        SqlFragment gone = SqlFragment.of("gone AS (")
                .then("", delete)
                .then("", SqlFragment.of(" RETURNING t.tableoid AS " + relation + ", " + of("t.") + ")"));
        Optional<Map<Long, Long>> streamed =
                stream(session, gone, "SELECT " + relation + ", " + of("") + " FROM gone", relation);
        if (streamed.isPresent()) {
            return streamed.get().values().stream().mapToLong(Long::longValue).sum();
        }
        long rows = SqlFragment.of("WITH ")
                .then("", gone)
                .then("", keep(session, "gone"))
                .then("", SqlFragment.of(" SELECT pg_catalog.count(*) FROM gone"))
                .statement()
                .one(session.connection(), row -> row.getLong(1));
        SqlFragment.of(FIRE).statement().update(session.connection());
        return rows;
    }

    private static String besides(List<String> columns) {
        String name = "relation";
        while (columns.contains(name)) {
            name += "_";
        }
        return name;
    }

    private String of(String prefix) {
        return columns().stream()
                .map(column -> prefix + Identifiers.quote(column))
                .collect(Collectors.joining(", "));
    }

    @Override
    public List<String> columns() {
        return Stream.concat(whole.columns().stream(), figures.columns().stream())
                .distinct()
                .toList();
    }

    @Override
    public SqlFragment keep(Session session, String gone) throws SQLException {
        return whole.keep(session, gone).then("", figures.keep(session, gone));
    }

    @Override
    public Optional<Map<Long, Long>> stream(Session session, SqlFragment with, String from, String relation)
            throws SQLException {
        if (!whole.outside()) {
            return Optional.empty();
        }
        SqlFragment all =
                with.then("", SqlFragment.of(", " + ALL + " AS (" + from + ")")).then("", figures.keep(session, ALL));
        return whole.stream(session, all, "SELECT * FROM " + ALL, relation);
    }

    @Override
    public void resume(List<PartMark> marks) {
        whole.resume(marks);
        figures.resume(marks);
    }

    @Override
    public void begin(Session session, List<PartMark> marks, boolean more) throws SQLException {
        whole.begin(session, marks, more);
        figures.begin(session, marks, more);
    }

    @Override
    public void undo() {
        whole.undo();
        figures.undo();
    }

    @Override
    public List<PartMark> end() {
        return both(whole.end(), figures.end());
    }

    @Override
    public void makeDurable(List<PartMark> marks) {
        whole.makeDurable(marks);
        figures.makeDurable(marks);
    }

    @Override
    public void discard() {
        whole.discard();
        figures.discard();
    }

    @Override
    public void finish() {
        whole.finish();
        figures.finish();
    }

    @Override
    public void leave() {
        whole.leave();
        figures.leave();
    }

    @Override
    public boolean outside() {
        return whole.outside() || figures.outside();
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        whole.requireUnchanged(session);
        figures.requireUnchanged(session);
    }

    @Override
    public List<Archived> archived(long rows, long rowBytes) {
        return both(whole.archived(rows, rowBytes), figures.archived(rows, rowBytes));
    }

    @Override
    public List<Archived> written() {
        return both(whole.written(), figures.written());
    }

    @Override
    public boolean overlaps() {
        return whole.overlaps() && figures.overlaps();
    }

    @Override
    public boolean mayOverlap(List<PartMark> marks) {
        return whole.mayOverlap(marks);
    }

    private static <T> List<T> both(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
