package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How rows of a step leave, and those that go with them through foreign keys, each table's in its own way. Statements are about the
 * step's own rows; those of children are given to the children's own ways.
 */
public final class Family implements Leaving {
    private final Leaving own;
    private final List<Leaving> children;

    public Family(Leaving own, List<Leaving> children) {
        this.own = own;
        this.children = children;
    }

    private Stream<Leaving> all() {
        return Stream.concat(Stream.of(own), children.stream());
    }

    private void each(Consumer<Leaving> work) {
        all().forEach(work);
    }

    private <T> List<T> from(Function<Leaving, List<T>> part) {
        return all().flatMap(leaving -> part.apply(leaving).stream()).toList();
    }

    @Override
    public void open(Session session) throws SQLException {
        own.open(session);
        for (Leaving child : children) {
            child.open(session);
        }
    }

    @Override
    public long delete(Session session, SqlFragment delete) throws SQLException {
        return own.delete(session, delete);
    }

    @Override
    public List<String> columns() {
        return own.columns();
    }

    @Override
    public SqlFragment keep(Session session, String gone) throws SQLException {
        return own.keep(session, gone);
    }

    @Override
    public Optional<Map<Long, Long>> stream(Session session, SqlFragment with, String from, String relation)
            throws SQLException {
        return own.stream(session, with, from, relation);
    }

    @Override
    public void resume(List<PartMark> marks) {
        each(leaving -> leaving.resume(marks));
    }

    @Override
    public void begin(Session session, List<PartMark> marks, boolean more) throws SQLException {
        own.begin(session, marks, more);
        for (Leaving child : children) {
            child.begin(session, marks, more);
        }
    }

    /** Children had gone before, and stay gone. */
    @Override
    public void undo() {
        own.undo();
    }

    @Override
    public List<PartMark> end() {
        List<PartMark> marks = new ArrayList<>();
        each(leaving -> marks.addAll(leaving.end()));
        return marks;
    }

    @Override
    public void makeDurable(List<PartMark> marks) {
        each(leaving -> leaving.makeDurable(marks));
    }

    @Override
    public void discard() {
        each(Leaving::discard);
    }

    @Override
    public void finish() {
        each(Leaving::finish);
    }

    @Override
    public void leave() {
        each(Leaving::leave);
    }

    @Override
    public boolean outside() {
        return all().anyMatch(Leaving::outside);
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        own.requireUnchanged(session);
        for (Leaving child : children) {
            child.requireUnchanged(session);
        }
    }

    @Override
    public List<Archived> archived(long rows, long rowBytes) {
        return own.archived(rows, rowBytes);
    }

    @Override
    public List<Archived> written() {
        return from(Leaving::written);
    }

    /**
     * Batches may reach the same rows of children. The one that comes later waits for those until the one before it, which has
     * nothing left to wait for, is committed, and no longer finds them.
     */
    @Override
    public boolean overlaps() {
        return all().allMatch(Leaving::overlaps);
    }

    @Override
    public boolean mayOverlap(List<PartMark> marks) {
        return all().allMatch(leaving -> leaving.mayOverlap(marks));
    }
}
