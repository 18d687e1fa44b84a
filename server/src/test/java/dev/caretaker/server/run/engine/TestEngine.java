package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One server: the whole engine in an application context, over a control store and one target named "shop". */
final class TestEngine implements AutoCloseable {
    static final Actor ALICE = new Actor("alice", true);
    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Small steps, so that a test sees something in between. */
    static final Tuning TUNING = new Tuning(Pace.FAST, Duration.ofMillis(20), 0, 0, 0, 0, 0);

    private final ApplicationContext context;

    private TestEngine(ApplicationContext context) {
        this.context = context;
    }

    static TestEngine start(Database control, Database target) {
        return start(control.url(), target.url(), Map.of());
    }

    static TestEngine start(String controlUrl, String targetUrl, Map<String, Object> overrides) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("datasources.default.url", controlUrl);
        properties.put("datasources.default.username", "postgres");
        properties.put("datasources.default.password", "postgres");
        properties.put("datasources.default.driver-class-name", "org.postgresql.Driver");
        properties.put("datasources.default.connection-timeout", "2000");
        properties.putAll(overrides);
        return start(targetUrl, properties);
    }

    /** Over a control store that is found by the server's own configuration, with its own pool. */
    static TestEngine startConfigured(Database control, Database target, Map<String, Object> overrides) {
        Map<String, Object> properties = new HashMap<>(overrides);
        properties.put("caretaker.control-store.url", control.url());
        properties.put("caretaker.control-store.user", control.user());
        properties.put("caretaker.control-store.password", control.password());
        return start(target.url(), properties);
    }

    private static TestEngine start(String targetUrl, Map<String, Object> given) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("test.engine", "true");
        properties.put("test.target.url", targetUrl);
        properties.put("grpc.server.enabled", "false");
        properties.put("flyway.datasources.default.enabled", "true");
        properties.put("flyway.datasources.default.default-schema", "caretaker");
        properties.put("caretaker.engine.poll-interval", "50ms");
        properties.put("caretaker.engine.watch-interval", "50ms");
        properties.put("caretaker.engine.progress-interval", "100ms");
        properties.put("caretaker.engine.watcher-heartbeat", "500ms");
        properties.put("caretaker.engine.retries", "6");
        properties.put("caretaker.engine.retry-backoff", "50ms");
        properties.put("caretaker.engine.sweep-interval", "1s");
        properties.putAll(given);
        return new TestEngine(ApplicationContext.run(properties, "test"));
    }

    @Factory
    @Requires(property = "test.engine")
    static final class Beans {
        @Singleton
        @Replaces(Targets.class)
        Targets targets(
                @Value("${test.target.url}") String url,
                @Value("${test.target.lock-timeout:300ms}") Duration lockTimeout) {
            TargetConfig defaults = TargetConfig.of("shop", url, Credentials.of("postgres", "postgres"));
            TargetConfig shop = new TargetConfig(
                    defaults.name(),
                    defaults.url(),
                    defaults.replicaUrl(),
                    defaults.credentials(),
                    defaults.schemas(),
                    defaults.driverProperties(),
                    lockTimeout,
                    defaults.statementTimeout(),
                    defaults.freeDiskBytes(),
                    defaults.tuning());
            return new Targets(List.of(shop));
        }

        @Singleton
        @Replaces(CommitGate.Open.class)
        Gate gate() {
            return new Gate();
        }
    }

    /** Lets a test act between journal and commit. */
    static final class Gate implements CommitGate {
        private volatile Consumer<UUID> action = runId -> {};

        void act(Consumer<UUID> next) {
            action = next;
        }

        @Override
        public void beforeCommit(UUID runId) {
            action.accept(runId);
        }
    }

    Runs runs() {
        return context.getBean(Runs.class);
    }

    Gate gate() {
        return context.getBean(Gate.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Accepts a run of these steps. */
    UUID start(StepSpec... steps) {
        return start(TUNING, Optional.empty(), Optional.empty(), RowLimits.NONE, steps);
    }

    UUID start(
            Tuning tuning,
            Optional<Instant> deadline,
            Optional<RunWindow> window,
            RowLimits rowLimits,
            StepSpec... steps) {
        RunRequest request = new RunRequest(
                RunKind.CLEANUP,
                "shop",
                ALICE,
                Optional.empty(),
                Optional.empty(),
                List.of(steps),
                tuning,
                deadline.map(end -> Duration.between(Instant.now(), end)),
                window,
                rowLimits);
        return runs().start(request).id();
    }

    RunView awaitEnd(UUID runId) {
        return await(runId, run -> run.state().isTerminal());
    }

    /** The same of a run that goes slowly, and on some machines more so. */
    RunView awaitLateEnd(UUID runId) {
        return org.awaitility.Awaitility.await("run " + runId)
                .atMost(PATIENCE.multipliedBy(4))
                .until(() -> runs().get(runId), run -> run.state().isTerminal());
    }

    RunView awaitState(UUID runId, RunState state) {
        return await(runId, run -> run.state() == state);
    }

    RunView await(UUID runId, Predicate<RunView> condition) {
        return org.awaitility.Awaitility.await("run " + runId)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> runs().get(runId), condition);
    }

    /** Waits until some rows are deleted. */
    RunView awaitRows(UUID runId, long rows) {
        return await(runId, run -> run.totals().rowsDeleted() >= rows);
    }

    /** All events there are, for a run that has ended. */
    List<Numbered> events(UUID runId) {
        return events(runId, 1);
    }

    List<Numbered> events(UUID runId, long from) {
        List<Numbered> events = new ArrayList<>();
        runs().watch(runId, from, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                events.add(new Numbered(sequence, event));
                return true;
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                return true;
            }
        });
        return events;
    }

    /** Events of that type up to where the run stood when it was looked at. */
    <E extends RunEvent> List<E> soFar(RunView run, Class<E> type) {
        List<E> events = new ArrayList<>();
        runs().watch(run.id(), 1, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                if (type.isInstance(event)) {
                    events.add(type.cast(event));
                }
                return sequence < run.lastSequence();
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                return false;
            }
        });
        return events;
    }

    List<String> warnings(UUID runId) {
        return events(runId).stream()
                .flatMap(numbered -> numbered.event() instanceof RunEvent.Warning warning
                        ? java.util.stream.Stream.of(warning.code())
                        : java.util.stream.Stream.empty())
                .toList();
    }

    record Numbered(long sequence, RunEvent event) {}

    /** A table {@code (id, old, payload)}: of every ten rows the first nine are old. */
    static void table(Database target, String name, long rows) {
        target.execute(
                "CREATE TABLE " + name + " (id bigint PRIMARY KEY, old boolean NOT NULL, payload text)",
                "INSERT INTO " + name + " SELECT i, i % 10 <> 0, repeat('x', 20) FROM generate_series(1, " + rows
                        + ") AS i",
                "ANALYZE " + name);
    }

    static StepSpec delete(Database target, String table) {
        return delete(target, table, new DeleteById.Parameters(oid(target, table), table, 1, 50, 200, 0));
    }

    /** In batches of one size, each with a sleep in it. */
    static StepSpec slowDelete(Database target, String table, long size, int sleepMillis) {
        return delete(
                target, table, new DeleteById.Parameters(oid(target, table), table, size, size, size, sleepMillis));
    }

    static StepSpec delete(Database target, String table, DeleteById.Parameters parameters) {
        long expected = target.number("SELECT count(*) FROM " + table + " WHERE old");
        return new StepSpec("test-delete", new TableName("public", table), "old-rows", expected, parameters);
    }

    static StepSpec statements(Database target, String table, RunStatements.Parameters parameters) {
        return new StepSpec("test-statements", new TableName("public", table), "", 0, parameters);
    }

    static long oid(Database target, String table) {
        return target.number("SELECT '" + table + "'::regclass::oid::bigint");
    }

    static long old(Database target, String table) {
        return target.number("SELECT count(*) FROM " + table + " WHERE old");
    }

    /** Sessions that this run has at the target. */
    static long sessions(Database target, UUID runId) {
        return look(target, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'caretaker/" + runId + "'");
    }

    /** The number that a query of a test finds again and again, with a session that no run takes for an application's. */
    static long look(Database target, String query) {
        String url = target.url() + "?ApplicationName=caretaker-test";
        try (Connection connection = DriverManager.getConnection(url, target.user(), target.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e.getMessage() + " in: " + query, e);
        }
    }

    /** A backend goes a moment after its client. */
    void awaitNoSessions(Database target, UUID runId) {
        org.awaitility.Awaitility.await("no sessions of run " + runId)
                .atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sessions(target, runId) == 0);
    }

    static void assertComplete(RunView run, long rows) {
        assertThat(run.outcome()).as(() -> run.error() + " " + run.steps()).contains(Outcome.COMPLETE);
        assertThat(run.totals().rowsDeleted()).isEqualTo(rows);
        assertThat(run.totals().rowsExact()).isTrue();
    }

    @Override
    public void close() {
        context.close();
    }
}
