package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.TUNING;
import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.delete;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.engine.TestEngine.Numbered;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.retention.Forgetting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is told of runs while they work, and kept of them afterwards. */
interface RecordsSuite extends OnEngine {

    @Test
    default void events_are_numbered_without_gaps_and_end_with_the_last() {
        table(target(), "told", 20_000);

        UUID runId = engine().start(delete(target(), "told"));

        List<Numbered> events = engine().events(runId);
        assertThat(events.stream().map(Numbered::sequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events.getFirst().event()).isInstanceOf(RunEvent.Accepted.class);
        assertThat(events.getLast().event()).isInstanceOfSatisfying(RunEvent.Finished.class, finished -> {
            assertThat(finished.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(finished.tables()).singleElement().satisfies(sum -> {
                assertThat(sum.policy()).isEqualTo("old-rows");
                assertThat(sum.totals().rowsDeleted()).isEqualTo(18_000);
            });
        });
        assertThat(events).anyMatch(numbered -> numbered.event() instanceof RunEvent.Progress);
        assertThat(engine().events(runId, 3)).isEqualTo(events.subList(2, events.size()));
    }

    @Test
    default void a_watcher_that_leaves_stops_nothing() {
        table(target(), "watched", 1_000);
        UUID runId = engine().start(slowDelete(target(), "watched", 300, 200));

        engine().runs().watch(runId, 0, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                return false;
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                return false;
            }
        });

        assertComplete(engine().awaitEnd(runId), 900);
    }

    @Test
    default void a_watcher_of_a_quiet_run_gets_heartbeats() {
        table(target(), "quiet", 100);
        UUID runId = engine().start(slowDelete(target(), "quiet", 50, 60_000));
        engine().awaitState(runId, RunState.RUNNING);
        List<RunState> heartbeats = new ArrayList<>();

        engine().runs().watch(runId, 0, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                return true;
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                heartbeats.add(state);
                return heartbeats.size() < 2;
            }
        });

        assertThat(heartbeats).containsExactly(RunState.RUNNING, RunState.RUNNING);
        engine().runs().cancel(runId, ALICE, "");
        engine().awaitEnd(runId);
    }

    @Test
    default void events_that_are_no_longer_kept_are_refused() {
        table(target(), "pruned", 20_000);
        UUID runId = engine().start(delete(target(), "pruned"));
        List<Numbered> events = engine().events(runId);
        long progress = events.stream()
                .filter(numbered -> numbered.event() instanceof RunEvent.Progress)
                .findFirst()
                .orElseThrow()
                .sequence();

        engine().bean(Forgetting.class).forget(Kept.PROGRESS, Duration.ofMinutes(-1));

        assertThatThrownBy(() -> engine().events(runId, progress))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EVENTS_EXPIRED));
        assertThat(engine().events(runId).getLast()).isEqualTo(events.getLast());
    }

    @Test
    default void a_run_whose_task_was_lost_is_brought_to_a_server_again() {
        table(target(), "forgotten", 100);
        UUID runId = engine().start(slowDelete(target(), "forgotten", 10, 100));
        engine().runs().pause(runId, ALICE, "");
        engine().awaitState(runId, RunState.PAUSED);
        String task = "caretaker.scheduled_task WHERE task_instance = '" + runId + "'";
        await().until(() -> control().number("SELECT count(*) FROM " + task) == 0);

        // As if a server had died between accepting and scheduling.
        control().execute("UPDATE caretaker.run SET desired = 'RUNNING' WHERE run_id = '" + runId + "'");

        assertComplete(engine().awaitEnd(runId), 90);
        await().until(() -> control().number("SELECT count(*) FROM " + task) == 0);
    }

    @Test
    default void runs_that_ended_long_ago_go_with_their_children_first() {
        table(target(), "old_news", 10);
        UUID parent = engine().start(delete(target(), "old_news"));
        RunRequest request = new RunRequest(
                RunKind.CLEANUP,
                "shop",
                ALICE,
                Optional.empty(),
                Optional.of(parent),
                List.of(delete(target(), "old_news")),
                TUNING,
                Optional.empty(),
                Optional.empty(),
                RowLimits.NONE);
        UUID child = engine().runs().start(request).id();
        engine().awaitEnd(parent);
        assertThat(engine().awaitEnd(child).parentRunId()).contains(parent);
        control()
                .execute("UPDATE caretaker.run SET ended = now() - interval '100 days' WHERE run_id IN ('" + parent
                        + "', '" + child + "')");
        RunStore runs = engine().bean(RunStore.class);

        assertThat(engine().bean(Forgetting.class).forget(Kept.RUNS)).isEqualTo(2);
        assertThat(runs.find(child)).isEmpty();
        assertThat(runs.find(parent)).isEmpty();
    }

    @Test
    default void runs_are_listed_newest_first_page_by_page() {
        table(target(), "listed", 10);
        List<UUID> started = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            started.addFirst(engine().start(delete(target(), "listed")));
        }
        started.forEach(engine()::awaitEnd);
        List<UUID> listed = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Runs.RunPage page = engine().runs()
                    .list(new Runs.RunFilter(
                            Optional.of("shop"), Set.of(RunState.ENDED), Optional.empty(), Optional.empty(), 2, token));
            assertThat(page.runs()).hasSizeLessThanOrEqualTo(2);
            page.runs().forEach(run -> listed.add(run.id()));
            token = page.nextPageToken();
        } while (token.isPresent());

        assertThat(listed).doesNotHaveDuplicates().containsSubsequence(started);
        Optional<String> forged = Optional.of("forged");
        assertThatThrownBy(() -> engine().runs()
                        .list(new Runs.RunFilter(
                                Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), 2, forged)))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_FIELD));
    }

    @Test
    default void runs_are_summed_over_all_pages_by_how_they_ended() {
        table(target(), "summed", 10);
        UUID first = engine().start(delete(target(), "summed"));
        long removed = engine().awaitEnd(first).totals().rowsDeleted();
        Runs.RunFilter ended = new Runs.RunFilter(
                Optional.of("shop"),
                Set.of(RunState.ENDED),
                Optional.empty(),
                Optional.of(engine().runs().get(first).created()),
                Optional.empty(),
                Set.of(Outcome.COMPLETE),
                true,
                1,
                Optional.empty());
        UUID second = engine().start(delete(target(), "summed"));
        long more = engine().awaitEnd(second).totals().rowsDeleted();

        Runs.RunSums sums = engine().runs().sums(ended);

        assertThat(sums).isEqualTo(new Runs.RunSums(2, 2, 0, removed + more, true, 0));
        assertThat(removed).isPositive();
        assertThat(engine().runs().list(ended).runs()).hasSize(1);
    }

    /** Waits until the run's session sleeps in a statement. */
}
