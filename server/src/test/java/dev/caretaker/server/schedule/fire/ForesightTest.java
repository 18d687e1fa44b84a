package dev.caretaker.server.schedule.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.schedule.Action;
import dev.caretaker.server.schedule.Gates;
import dev.caretaker.server.schedule.Overlap;
import dev.caretaker.server.schedule.Retries;
import dev.caretaker.server.schedule.Schedule;
import dev.caretaker.server.schedule.When;
import dev.caretaker.server.schedule.WindowEnd;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.SchedulePause;
import dev.caretaker.server.store.ScheduleRow;
import dev.caretaker.server.store.ScheduleStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.vacuum.Vacuums;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is seen of targets before the time of very many schedules. */
class ForesightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Database store;
    private static Database target;
    private static ApplicationContext server;
    /** One that no clock drives. */
    private static Foresight foresight;

    @BeforeAll
    static void start() {
        store = TestPostgres.newest().database();
        target = TestPostgres.newest().database();
        server = ApplicationContext.builder(Map.of(
                        "caretaker.listen.port", 0,
                        "caretaker.control-store.url", store.url(),
                        "caretaker.control-store.user", store.user(),
                        "caretaker.control-store.password", store.password(),
                        "caretaker.targets.main.url", target.url(),
                        "caretaker.targets.main.user", target.user(),
                        "caretaker.targets.main.password", target.password()))
                .start();
        foresight = new Foresight(
                server.getBean(ScheduleLineStore.class), server.getBean(Gates.class), server.getBean(Vacuums.class));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void of_more_than_a_few_that_are_due_together_each_is_seen_once() {
        List<Action.Vacuum> actions = dueTogether("many", Foresight.FEW + 1);

        foresight.look();

        assertThat(actions)
                .allSatisfy(action -> assertThat(take(action))
                        .hasValueSatisfying(seen -> assertThat(seen)
                                .extracting(VacuumRequest::table)
                                .isEqualTo(action.tables())))
                .allSatisfy(action -> assertThat(take(action)).as("again").isEmpty());
    }

    @Test
    void two_that_want_the_same_of_a_target_both_find_it_and_others_do_not() {
        List<Action.Vacuum> actions = dueTogether("twin", Foresight.FEW + 1);
        Action.Vacuum first = actions.getFirst();
        schedule("twin-of-the-first", first);
        moveOn("twin", Foresight.FEW + 2);

        foresight.look();

        assertThat(foresight.take("twin-of-the-first", "main", first)).isPresent();
        assertThat(take(first)).isPresent();
        assertThat(foresight.take("twin1", "main", first))
                .as("changed meanwhile")
                .isEmpty();
    }

    @Test
    void a_few_are_looked_at_in_time() {
        List<Action.Vacuum> actions = dueTogether("few", Foresight.FEW);

        foresight.look();

        assertThat(actions).allSatisfy(action -> assertThat(take(action)).isEmpty());
    }

    @Test
    void what_will_not_fire_or_cannot_be_seen_is_left_to_its_time() {
        List<Action.Vacuum> actions = dueTogether("odd", Foresight.FEW + 1);
        server.getBean(ScheduleStore.class)
                .pause("odd0", Optional.of(new SchedulePause(Actor.ENGINE, "", Instant.now(), Optional.empty())));
        target.execute("DROP TABLE odd1");

        foresight.look();

        assertThat(take(actions.get(0))).isEmpty();
        assertThat(take(actions.get(1))).isEmpty();
        assertThat(take(actions.get(2))).isPresent();
    }

    /** Its schedule is called as its table. */
    private static Optional<List<VacuumRequest>> take(Action.Vacuum action) {
        return foresight.take(action.tables().getFirst().name(), "main", action);
    }

    /** Vacuums of a table each, due in the same second, a good while from now. */
    private static List<Action.Vacuum> dueTogether(String name, int count) {
        store.execute("DELETE FROM caretaker.schedule");
        List<Action.Vacuum> actions =
                IntStream.range(0, count).mapToObj(i -> vacuum(name + i)).toList();
        moveOn(name, count);
        return actions;
    }

    /** When the server has looked at them and has let them go. */
    private static void moveOn(String name, int count) {
        String ours = " FROM caretaker.schedule_line WHERE schedule LIKE '" + name + "%'";
        await().atMost(PATIENCE)
                .until(() ->
                        store.number("SELECT count(*)" + ours + " AND claimed_by IS NULL AND due > now()") == count);
        store.execute("UPDATE caretaker.schedule_line SET due = date_trunc('second', now()) + interval '30 seconds'"
                + " WHERE schedule LIKE '" + name + "%'");
    }

    private static Action.Vacuum vacuum(String name) {
        target.execute("CREATE TABLE " + name + " (id int)");
        Action.Vacuum action = new Action.Vacuum(List.of(new TableName("public", name)));
        schedule(name, action);
        return action;
    }

    private static void schedule(String name, Action.Vacuum action) {
        Schedule schedule = new Schedule(
                name,
                "",
                Optional.of("main"),
                new When.Every(Duration.ofDays(366)),
                action,
                Overlap.SKIP,
                Schedule.USUAL_CATCH_UP,
                Duration.ZERO,
                Optional.empty(),
                WindowEnd.PAUSE,
                List.of(),
                Optional.empty(),
                Retries.NONE,
                0,
                Optional.empty());
        server.getBean(ScheduleStore.class)
                .put(new ScheduleRow(name, Json.write(schedule), "", Instant.now(), Actor.ENGINE, Optional.empty()));
        server.getBean(ScheduleLineStore.class).set(name, List.of("main"));
    }
}
