package dev.caretaker.server.reindex;

import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.target.Session;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The invalid index that a broken rebuild leaves: dropped, unless somebody builds on its table now. */
@Singleton
public final class IndexBuildDebt implements DebtKind<IndexBuild> {
    static final String NAME = "index-build";

    static Debt of(IndexBuild build) {
        return new Debt(
                NAME,
                build.index(),
                build.table(),
                build.tableOid(),
                "A rebuild of index " + build.index()
                        + " was begun; an invalid index may be left of it, which costs space"
                        + " and is kept up by every write to table " + build.table() + ".",
                build);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<IndexBuild> detailType() {
        return IndexBuild.class;
    }

    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Settlement settle(Session session, IndexBuild build, Duration longest) throws SQLException {
        long end = System.nanoTime() + longest.toNanos();
        List<String> dropped = new ArrayList<>();
        for (Leftover leftover : build.debris(session)) {
            Optional<String> kept = kept(session, leftover, Duration.ofNanos(end - System.nanoTime()));
            if (kept.isPresent()) {
                return new StillOpen("The invalid index " + leftover.index() + " stays (" + kept.get() + "). "
                        + leftover.dropStatement() + "; drops it.");
            }
            dropped.add(leftover.index().toString());
        }
        return new Settled(
                dropped.isEmpty()
                        ? "No invalid index is left of the rebuild of " + build.index() + "."
                        : "The invalid index " + String.join(", ", dropped) + " was dropped.");
    }

    private static Optional<String> kept(Session session, Leftover leftover, Duration left) throws SQLException {
        if (leftover.builder().isPresent()) {
            return Optional.of("session " + leftover.builder().getAsInt() + " is building an index on its table");
        }
        return LeftoverDrop.tryDrop(session.connection(), leftover, left);
    }
}
