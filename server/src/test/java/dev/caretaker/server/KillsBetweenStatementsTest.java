package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.Kills;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.StatementWire;
import dev.caretaker.server.testing.StatementWire.Asked;
import dev.caretaker.server.testing.StatementWire.Moment;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 of the server between every two statements of all that changes partitions, each kind at a target of its own: before
 * a statement is sent, and when it is done and the answer is not yet told. The next server ends what was begun. Once without a
 * kill shows which statements there are; then all kinds are stopped, each at a moment of its own, and the server is killed. The
 * usual build takes one moment of each kind at random, see {@link Kills}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KillsBetweenStatementsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String HEARTBEAT = "500ms";

    @TempDir
    private Path folder;

    private final Random random = new Random(Kills.SEED);
    private final Database control = TestPostgres.controlStore();
    private final TestPostgres postgres = random.nextBoolean() ? TestPostgres.newest() : TestPostgres.oldest();
    private final List<Stand> stands = KilledWork.all().stream()
            .map(work -> new Stand(work, postgres.database()))
            .toList();
    private final List<ServerProcess> servers = new ArrayList<>();

    /** A kind of work with its target. */
    private record Stand(KilledWork work, Database database, StatementWire wire) {
        Stand(KilledWork work, Database database) {
            this(
                    work,
                    database,
                    new StatementWire(
                            database.server().host(), database.server().port()));
        }

        String login() {
            return ServerProcess.login(wire.url(database.name()), database);
        }

        void make(int number) {
            database.execute(work.tables().stream()
                    .map(statement -> statement.formatted(number))
                    .toArray(String[]::new));
        }

        void check(int number, String when) {
            for (String truth : work.truths(number)) {
                assertThat(database.value(truth)).as(when + ": " + truth).isEqualTo(true);
            }
        }
    }

    @Test
    void whoever_takes_over_after_a_kill_between_two_statements_ends_what_was_begun() throws Exception {
        try {
            ServerProcess server = server();
            Map<Stand, List<Moment>> moments = moments(server);
            int rounds = Kills.ALL
                    ? moments.values().stream().mapToInt(List::size).max().orElseThrow()
                    : 1;
            for (int round = 1; round < rounds; round++) {
                ServerProcess heir = server();
                killed(server, heir, chosen(moments, round), round);
                server.close();
                server = heir;
            }
            try (ServerHere heir = ServerHere.start(folder, "heir", control, targets(), HEARTBEAT, "")) {
                killed(server, heir, chosen(moments, rounds), rounds);
            }
        } finally {
            servers.forEach(ServerProcess::close);
            for (Stand stand : stands) {
                stand.wire().close();
            }
        }
    }

    /** One moment of each kind; those that have had all of theirs are left out. */
    private Map<Stand, Moment> chosen(Map<Stand, List<Moment>> moments, int round) {
        Map<Stand, Moment> chosen = new LinkedHashMap<>();
        moments.forEach((stand, all) -> {
            if (!Kills.ALL) {
                chosen.put(stand, all.get(random.nextInt(all.size())));
            } else if (round <= all.size()) {
                chosen.put(stand, all.get(round - 1));
            }
        });
        return chosen;
    }

    /** All that can happen between two statements, as a run without a kill shows it. */
    private Map<Stand, List<Moment>> moments(ServerProcess server) {
        Map<Stand, String> runs = new LinkedHashMap<>();
        for (Stand stand : stands) {
            begin(stand, server, 0, Optional.empty(), runs);
        }
        Map<Stand, List<Moment>> moments = new LinkedHashMap<>();
        runs.forEach((stand, run) -> {
            stand.work().awaitEnd(server, run);
            List<Asked> asked = stand.wire().heard();
            stand.wire().goOn();
            stand.check(0, "without a kill");
            List<Moment> all = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                all.add(new Moment(i, false));
                if (asked.get(i).last()) {
                    all.add(new Moment(i, true));
                }
            }
            assertThat(all).as(stand.work().target() + ": " + asked).hasSizeGreaterThan(1);
            moments.put(stand, all);
        });
        return moments;
    }

    private void killed(ServerProcess server, RunningServer heir, Map<Stand, Moment> moments, int round) {
        Map<Stand, String> runs = new LinkedHashMap<>();
        moments.forEach((stand, moment) -> begin(stand, server, round, Optional.of(moment), runs));
        moments.forEach((stand, moment) -> await(told(stand, moment))
                .atMost(PATIENCE)
                .failFast(() -> assertThat(stand.wire().isHalted()
                                || KilledWork.get(server, runs.get(stand))
                                                .getEndTime()
                                                .getSeconds()
                                        == 0)
                        .as(told(stand, moment) + " was never reached: "
                                + stand.wire().heard())
                        .isTrue())
                .until(() -> stand.wire().isHalted()));
        server.kill();
        moments.keySet().forEach(stand -> stand.wire().goOn());
        runs.forEach((stand, run) -> {
            stand.work().awaitEnd(heir, run);
            stand.check(round, told(stand, moments.get(stand)));
        });
    }

    private static String told(Stand stand, Moment moment) {
        return "seed " + Kills.SEED + ", " + stand.work().target() + (moment.done() ? " after" : " before")
                + " statement " + moment.statement();
    }

    private static void begin(
            Stand stand, ServerProcess server, int round, Optional<Moment> moment, Map<Stand, String> runs) {
        stand.make(round);
        stand.work().prepare(server, "t_" + round);
        stand.wire().listen(moment);
        runs.put(stand, stand.work().begin().apply(server, "t_" + round));
    }

    private ServerProcess server() throws IOException {
        ServerProcess server =
                ServerProcess.start(folder, "server-" + servers.size(), control, targets(), HEARTBEAT, "");
        servers.add(server);
        return server;
    }

    private Map<String, String> targets() {
        Map<String, String> targets = new LinkedHashMap<>();
        stands.forEach(stand -> targets.put(stand.work().target(), stand.login()));
        return targets;
    }
}
