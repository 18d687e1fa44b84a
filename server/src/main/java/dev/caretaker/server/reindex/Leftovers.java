package dev.caretaker.server.reindex;

import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Finds, and on request removes, what interrupted concurrent builds left behind, whoever began them. */
@Singleton
public class Leftovers {
    /** Longest time that dropping one may take. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Targets targets;

    Leftovers(Targets targets) {
        this.targets = targets;
    }

    /**
     * A leftover and what became of it.
     *
     * @param kept why it was not dropped; empty if it was, or if none was to be
     */
    public record Result(Leftover leftover, boolean dropped, Optional<String> kept) {}

    /** Changes nothing. Fails with TARGET_NOT_FOUND or TARGET_UNREACHABLE. */
    public List<Result> list(String target) {
        Target where = targets.get(target);
        return where.withPrimary(connection -> inScope(connection, where).stream()
                .map(leftover -> new Result(leftover, false, Optional.empty()))
                .toList());
    }

    /**
     * Drops them one by one, concurrently. One whose table is being built on, or worked on by a run, stays, and one that
     * cannot be dropped does not keep the others from it. Fails with TARGET_NOT_FOUND or TARGET_UNREACHABLE.
     */
    public List<Result> drop(String target) {
        Target where = targets.get(target);
        List<Leftover> all = where.withPrimary(connection -> inScope(connection, where));
        List<Result> results = new ArrayList<>();
        // Those of one table and of its TOAST table share a fence, and a session that ended may hold it for a moment
        // still.
        Map<Long, List<Leftover>> byTable = all.stream()
                .collect(Collectors.groupingBy(Leftover::tableOid, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<Long, List<Leftover>> table : byTable.entrySet()) {
            try (Session session = where.openSession("caretaker/leftovers")) {
                where.actForOwner(session, table.getKey());
                for (Leftover leftover : table.getValue()) {
                    results.add(drop(session, leftover));
                }
            } catch (SQLException e) {
                throw PostgresErrors.translate(target, e);
            }
        }
        return results;
    }

    private static List<Leftover> inScope(Connection connection, Target target) throws SQLException {
        Scope scope = Scope.read(connection, target);
        return Leftover.read(connection, OptionalLong.empty(), target.actsAsOwner()).stream()
                .filter(leftover -> scope.holds(leftover.table()))
                .toList();
    }

    private static Result drop(Session session, Leftover leftover) throws SQLException {
        if (!leftover.owned()) {
            return kept(leftover, "The role does not own its table.");
        }
        if (!leftover.reachable()) {
            return kept(
                    leftover,
                    "The role may not use schema " + leftover.index().schema()
                            + ". A superuser may drop it, or grant USAGE on that schema: " + leftover.dropStatement()
                            + ";");
        }
        if (!session.tryFence(leftover.tableOid())) {
            return kept(leftover, "A run is working on its table.");
        }
        try {
            // Looked at again behind the fence: a build may have begun, or ended well.
            Optional<Leftover> now = Leftover.read(session.connection(), OptionalLong.of(leftover.tableOid())).stream()
                    .filter(one -> one.oid() == leftover.oid())
                    .findFirst();
            if (now.isEmpty()) {
                return kept(leftover, "It is gone or valid by now.");
            }
            if (now.get().builder().isPresent()) {
                return kept(
                        leftover, "Session " + now.get().builder().getAsInt() + " is building an index on its table.");
            }
            return LeftoverDrop.tryDrop(session.connection(), now.get(), LONGEST)
                    .map(why -> kept(leftover, "It cannot be dropped: " + why + "."))
                    .orElseGet(() -> new Result(leftover, true, Optional.empty()));
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return kept(leftover, PostgresErrors.whole(e));
        }
    }

    private static Result kept(Leftover leftover, String why) {
        return new Result(leftover, false, Optional.of(why));
    }
}
