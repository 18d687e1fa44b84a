package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Many targets of one server: 50 connections allowed, three of them kept for superusers, so four are Caretaker's. */
class FleetTest {
    private static final int TARGETS = 24;
    private static final int BOUND = 4;
    private static final String OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'caretaker%'";

    private static CrashableServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new CrashableServer(EmbeddedServer.NEWEST);
        for (int i = 0; i < TARGETS; i++) {
            server.execute("CREATE DATABASE d" + i);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static boolean reached(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Targets fleet(int connections, int sharers) {
        List<TargetConfig> configs =
                IntStream.range(0, TARGETS).mapToObj(FleetTest::config).toList();
        return new Targets(configs, connections, () -> sharers);
    }

    private static TargetConfig config(int i) {
        return TargetConfig.of(
                "t" + i,
                "jdbc:postgresql://localhost:" + server.port() + "/d" + i,
                Credentials.of("postgres", "postgres"));
    }

    @Test
    void all_targets_at_once_are_served_within_the_bound_and_nothing_stays_behind() throws Exception {
        AtomicInteger most = new AtomicInteger();
        try (Targets targets = fleet(0, 1);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> answers = new ArrayList<>();
            for (Target target : targets.all()) {
                answers.add(threads.submit(() -> target.withSession("caretaker/plan", session -> {
                    long ours = target.withPrimary(FleetTest::ours);
                    most.accumulateAndGet((int) ours, Math::max);
                    return ours;
                })));
                answers.add(threads.submit(() -> target.withPrimary(FleetTest::ours)));
            }
            for (Future<Long> answer : answers) {
                assertThat(answer.get()).isPositive();
            }
            assertThat(most.get()).isBetween(2, BOUND + 2); // one that was told to go needs a moment

            targets.all().getFirst().withPrimary(FleetTest::ours);
            assertThat(server.number(OURS)).as("kept for the next").isPositive();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> server.number(OURS) == 0);
    }

    @Test
    void idle_connections_are_closed_for_another_database_that_needs_their_place() throws Exception {
        try (Targets targets = fleet(4, 1)) {
            for (Target target : targets.all()) {
                assertThat(target.withPrimary(FleetTest::ours)).isPositive();
            }
            // A backend that was told to go needs a moment.
            await().atMost(Duration.ofSeconds(10)).until(() -> server.number(OURS) <= 4);
        }
    }

    @Test
    void who_waits_is_told_of_a_connection_that_nobody_uses_any_more() throws Exception {
        ServerPlaces places = new ServerPlaces("one", BOUND, () -> 1, Duration.ofHours(1));
        List<Target> targets = IntStream.rangeClosed(0, BOUND)
                .mapToObj(i -> new Target(config(i), hosts -> places))
                .toList();
        CountDownLatch used = new CountDownLatch(1);
        CountDownLatch inUse = new CountDownLatch(BOUND);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> users = new ArrayList<>();
            for (Target target : targets.subList(0, BOUND)) {
                users.add(threads.submit(() -> target.withPrimary(connection -> {
                    inUse.countDown();
                    return reached(used) ? ours(connection) : -1;
                })));
            }
            assertThat(reached(inUse)).isTrue();
            Future<Long> waiting = threads.submit(() -> targets.getLast().withPrimary(FleetTest::ours));
            await().atMost(Duration.ofSeconds(30)).until(places::isWaitedFor);
            used.countDown();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isPositive();
            for (Future<Long> user : users) {
                assertThat(user.get()).isPositive();
            }
        } finally {
            targets.forEach(Target::closeConnections);
        }
    }

    @Test
    void connections_that_a_program_of_ours_opens_count_among_ours_and_leave_one() throws Exception {
        try (Targets targets = fleet(6, 1)) {
            Target target = targets.get("t1");
            try (Target.ForProgram program = target.reserve(10)) {
                assertThat(program.connections()).isEqualTo(5);
                assertThatThrownBy(() -> target.openHelper("caretaker/1")).isInstanceOf(CaretakerException.class);
                assertThat(target.withPrimary(FleetTest::ours)).isEqualTo(1);
            }
            target.openHelper("caretaker/1").close();
            assertThat(target.reserve(1).connections()).isEqualTo(1);
        }
    }

    @Test
    void half_of_the_places_are_for_work_so_that_it_can_be_watched() throws Exception {
        try (Targets targets = fleet(4, 1);
                Session first = targets.get("t1").openSession("caretaker/1");
                Session second = targets.get("t2").openSession("caretaker/2");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Session> third = threads.submit(() -> targets.get("t3").openSession("caretaker/3"));
            try (Session observer = targets.get("t1").openObserver()) {
                assertThat(observer.identity().pid()).isPositive();
                assertThat(targets.get("t4").withPrimary(FleetTest::ours)).isEqualTo(4);
                assertThatThrownBy(() -> targets.get("t1").openHelper("caretaker/1"))
                        .as("one that only helps waits for nobody")
                        .isInstanceOfSatisfying(
                                CaretakerException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.TARGET_UNREACHABLE));
                assertThat(third.isDone()).isFalse();
                first.close();
                third.get().close();
            }
            assertThat(second.isClosed()).isFalse();
        }
    }

    @Test
    void several_caretakers_share_the_places_evenly() throws Exception {
        try (Targets targets = fleet(12, 3);
                Session one = targets.get("t1").openSession("caretaker/1");
                Session two = targets.get("t2").openSession("caretaker/2")) {
            assertThat(List.of(one.isClosed(), two.isClosed())).containsOnly(false);
            assertThatThrownBy(() -> {
                        try (Session _ = targets.get("t3").openObserver();
                                Session _ = targets.get("t4").openObserver();
                                Session _ = targets.get("t5").openObserver()) {}
                    })
                    .hasMessageContaining("Caretaker may have 4 there at a time (connections-per-server)");
        }
    }

    @Test
    void that_several_caretakers_have_more_together_than_is_meant_for_them_is_told_once() {
        Logger logger = (Logger) LoggerFactory.getLogger(ServerShare.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try (Targets many = fleet(9, 3);
                Targets enough = fleet(12, 3)) {
            for (Targets targets : List.of(many, enough)) {
                assertThat(targets.get("t1").withPrimary(FleetTest::ours)).isPositive();
                assertThat(targets.places().values())
                        .extracting(Targets.Places::limit)
                        .containsOnly(4);
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("3 Caretakers may have 12 connections to localhost:" + server.port()
                                + " together where 9 are meant for them"));
    }

    @Test
    void a_server_that_is_full_of_others_is_waited_for() throws Exception {
        List<Connection> crowd = new ArrayList<>();
        server.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'", "GRANT pg_monitor TO plain");
        TargetConfig config = TargetConfig.of(
                "full", "jdbc:postgresql://localhost:" + server.port() + "/d1", Credentials.of("plain", "plain"));
        try (Targets targets = new Targets(List.of(config));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (server.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") < 48) {
                crowd.add(server.connect());
            }
            Future<Long> answer = threads.submit(() -> targets.get("full").withPrimary(FleetTest::ours));
            await().during(Duration.ofMillis(300)).until(() -> !answer.isDone());
            crowd.removeLast().close();
            crowd.removeLast().close();
            assertThat(answer.get()).isPositive();
        } finally {
            for (Connection one : crowd) {
                one.close();
            }
        }
    }

    private static long ours(Connection connection) throws SQLException {
        return Sql.of(OURS).one(connection, row -> row.getLong(1));
    }
}
