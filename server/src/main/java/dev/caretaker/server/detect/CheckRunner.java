package dev.caretaker.server.detect;

import dev.caretaker.server.detect.Check.Subject;
import dev.caretaker.server.detect.Subjects.Item;
import dev.caretaker.server.target.EscapedQuery;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs one check on one connection: in a read-only transaction of its own, with a statement timeout, and with a lock
 * timeout so short that it never stands in anybody's way. Functions such as pg_relation_size wait for whoever holds a
 * relation exclusively; so checks get to know those relations ({@code :locked}) and read the catalog's figures instead.
 * Should a lock be taken in between, the check starts anew.
 */
final class CheckRunner {
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);
    private static final int ATTEMPTS = 4;
    /** Damage that Postgres found while it read: data_corrupted, index_corrupted. */
    private static final Set<String> CORRUPTED = Set.of("XX001", "XX002");
    /** This object could not be judged now; another one may. */
    private static final Set<String> BUSY = Set.of(PostgresErrors.LOCK_NOT_AVAILABLE, PostgresErrors.QUERY_CANCELED);
    /** The server is not set up for it, or the role may not: nothing is broken. */
    private static final Set<String> NOT_HERE = Set.of("55000", "0A000", PostgresErrors.INSUFFICIENT_PRIVILEGE);

    private final Target target;
    private final Scope scope;
    private final Feeds feeds;
    private final Subjects subjects;
    private final Duration timeout;
    private final Optional<RunAs> runAs;
    private Families families;

    /**
     * A runner for one target.
     *
     * @param timeout longest statement of a check
     * @param runAs as whom checks of operators run
     */
    CheckRunner(Target target, Scope scope, Feeds feeds, Duration timeout, Optional<RunAs> runAs) {
        this.target = target;
        this.scope = scope;
        this.feeds = feeds;
        this.subjects = new Subjects(scope, feeds);
        this.timeout = timeout;
        this.runAs = runAs;
    }

    /**
     * Runs a check; whatever goes wrong with it is in the result, but for the loss of the connection.
     *
     * @param connection with the login of {@code runAs}, if the check is an operator's and that has one
     */
    CheckResult run(Connection connection, Surroundings surroundings, Check check) throws SQLException {
        if (check.custom()) {
            Optional<String> gap = runAs.isEmpty()
                    ? Optional.of("checks of operators run only if caretaker.checks.login or caretaker.checks.role says"
                            + " as whom")
                    : runAs.get().gap(connection);
            if (gap.isPresent()) {
                return CheckResult.failed(check, gap.get());
            }
        }
        Optional<String> lack = surroundings.lacks(check);
        if (lack.isPresent()) {
            return CheckResult.skipped(check, lack.get());
        }
        try {
            return runAll(connection, surroundings, check);
        } catch (CheckFile.Broken e) {
            return CheckResult.failed(check, "the check is broken: " + e.getMessage());
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return refused(check, e);
        }
    }

    private CheckResult refused(Check check, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (NOT_HERE.contains(state)) {
            return CheckResult.skipped(check, PostgresErrors.whole(e));
        }
        if (state.equals(PostgresErrors.QUERY_CANCELED)) {
            return CheckResult.failed(check, "took longer than " + timeout.toMillis() + " ms");
        }
        return CheckResult.failed(check, PostgresErrors.whole(e));
    }

    private CheckResult runAll(Connection connection, Surroundings surroundings, Check check) throws SQLException {
        Harvest harvest = new Harvest(target, scope, check);
        List<Item> items = items(connection, check);
        long end = System.nanoTime() + check.budget().orElse(timeout).toNanos();
        Optional<CheckResult> refusal = Optional.empty();
        int refused = 0;
        for (int i = 0; i < items.size(); i++) {
            if (System.nanoTime() - end > 0) {
                harvest.unseen(items.size() - i, "", "time was up after " + i + " of " + items.size() + " objects");
                break;
            }
            Optional<String> obstacle = items.get(i).obstacle();
            if (obstacle.isPresent()) {
                harvest.unseen(1, name(items.get(i)), obstacle.get());
                continue;
            }
            Optional<CheckResult> result = runOne(connection, surroundings, check, items.get(i), harvest);
            if (result.isPresent()) {
                refusal = result;
                refused++;
            }
        }
        return refused > 0 && refused == items.size()
                ? refusal.orElseThrow()
                : harvest.result(harvest.hasMany() ? Optional.of(families(connection)) : Optional.empty());
    }

    private List<Item> items(Connection connection, Check check) throws SQLException {
        try {
            return inTransaction(connection, () -> subjects.of(check.subject(), connection, false));
        } catch (SQLException e) {
            if (!EscapedQuery.isCalledFor(e)) {
                throw e;
            }
            return inTransaction(connection, () -> subjects.of(check.subject(), connection, true));
        }
    }

    private static String name(Item item) {
        return item.schema() + "." + item.name();
    }

    /** Read once, by the first check that needs them; checks run on several threads. */
    private synchronized Families families(Connection connection) throws SQLException {
        if (families == null) {
            families = Families.read(connection);
        }
        return families;
    }

    /** Runs the statement for one object; returns why it can be judged at no time, if so. */
    private Optional<CheckResult> runOne(
            Connection connection, Surroundings surroundings, Check check, Item item, Harvest harvest)
            throws SQLException {
        try {
            harvest.merge(tried(connection, surroundings, check, item));
            return Optional.empty();
        } catch (SQLException e) {
            if (check.subject() == Subject.DATABASE || PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            if (CORRUPTED.contains(String.valueOf(e.getSQLState()))) {
                harvest.add(corruption(check, item, PostgresErrors.whole(e)));
                return Optional.empty();
            }
            CheckResult refusal = refused(check, e);
            harvest.unseen(1, name(item), refusal.reason());
            return BUSY.contains(String.valueOf(e.getSQLState())) ? Optional.empty() : Optional.of(refusal);
        }
    }

    /** Runs it again while a relation that was free turns out to be locked; one object of many is rather left out. */
    private Harvest tried(Connection connection, Surroundings surroundings, Check check, Item item)
            throws SQLException {
        int attempts = check.subject() == Subject.DATABASE ? ATTEMPTS : 1;
        boolean escaped = false;
        for (int attempt = 1; ; attempt++) {
            boolean asEscaped = escaped;
            try {
                return inTransaction(connection, () -> once(connection, surroundings, check, item, asEscaped));
            } catch (SQLException e) {
                if (!escaped && EscapedQuery.isCalledFor(e)) {
                    escaped = true;
                    continue;
                }
                boolean locked = PostgresErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState());
                if (!locked || attempt == attempts) {
                    throw e;
                }
            }
        }
    }

    private Harvest once(Connection connection, Surroundings surroundings, Check check, Item item, boolean escaped)
            throws SQLException {
        Optional<String> role = check.custom() && runAs.orElseThrow() instanceof RunAs.Role(String name)
                ? Optional.of(name)
                : Optional.empty();
        Harvest harvest = new Harvest(target, scope, check);
        new CheckStatement(check, item, feeds, surroundings, role).run(connection, harvest, escaped);
        return harvest;
    }

    private <T> T inTransaction(Connection connection, Statements<T> statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.of("SET TRANSACTION READ ONLY").update(connection);
            Sql.resource("detect/begin", milliseconds(timeout), milliseconds(LOCK_TIMEOUT))
                    .one(connection, row -> row.getString(1));
            return statements.run();
        } finally {
            // Nothing was written; a rollback also forgets the settings and the role.
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private RawFinding corruption(Check check, Item item, String message) {
        return new RawFinding(
                RawFinding.id(target.name(), check.id(), item.kind(), item.schema(), item.name(), ""),
                check.id(),
                check.severity(),
                check.confidence(),
                item.kind(),
                item.schema(),
                item.name(),
                message,
                0,
                check.impactUnit(),
                "{}",
                Optional.empty(),
                check.blocksVacuum(),
                check.blocksCleanup());
    }

    private static String milliseconds(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** Statements of one transaction. */
    @FunctionalInterface
    private interface Statements<T> {
        T run() throws SQLException;
    }
}
