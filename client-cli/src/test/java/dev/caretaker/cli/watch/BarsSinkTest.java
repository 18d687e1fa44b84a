package dev.caretaker.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunThrottled;
import dev.caretaker.v1.StepProgress;
import dev.caretaker.v1.ThrottleSignal;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarsSinkTest {
    private static Cli.Result watch(Cli cli, FakeServer server) {
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            for (RunEvent event : Events.all(RunOutcome.RUN_OUTCOME_COMPLETE)) {
                stream.onNext(WatchRunResponse.newBuilder().setEvent(event).build());
            }
            stream.onCompleted();
        });
        return cli.run("runs", "watch", Events.RUN);
    }

    @Test
    void a_terminal_sees_a_bar_redrawn_in_place_and_why_the_run_waits() {
        try (FakeServer server = new FakeServer()) {
            String out = watch(Cli.to(server).onTerminal(120), server).out();
            assertThat(out)
                    .contains("1/1 Jobs ███████████████░░░░░░░░░░░░░░░  50%  60,000/120,000 rows  ETA 12 s")
                    .contains("waits 1 s: replication lag 24 MB, limit 16 MB")
                    .contains("\r\u001b[1A\u001b[J")
                    .contains("✓ step 1/1 index-range Jobs: complete, 119,000 rows deleted");
            // What is left on the screen after the last erasure is only what lasts.
            String rest = out.substring(out.lastIndexOf("\u001b[J") + 3);
            assertThat(rest).contains("Complete: 119,000 rows deleted").doesNotContain("░");
        }
    }

    @Test
    void a_fast_replay_is_not_drawn_event_by_event() {
        try (FakeServer server = new FakeServer()) {
            server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
                stream.onNext(response(Events.accepted(1)));
                stream.onNext(response(Events.started(2)));
                for (int i = 0; i < 1_000; i++) {
                    stream.onNext(response(Events.progress(3 + i, i)));
                }
                stream.onNext(response(Events.stepFinished(1_003, RunOutcome.RUN_OUTCOME_COMPLETE)));
                stream.onNext(response(Events.finished(1_004, RunOutcome.RUN_OUTCOME_COMPLETE)));
                stream.onCompleted();
            });
            // The clock of the test stands still.
            String out = Cli.to(server)
                    .onTerminal(120)
                    .run("runs", "watch", Events.RUN)
                    .out();
            assertThat(out.split("\\[J", -1)).hasSizeLessThan(10);
            assertThat(out).contains("Complete: 119,000 rows deleted");
        }
    }

    private static WatchRunResponse response(RunEvent event) {
        return WatchRunResponse.newBuilder().setEvent(event).build();
    }

    @Test
    void no_color_takes_the_colours_but_not_the_bars() {
        try (FakeServer server = new FakeServer()) {
            String coloured = watch(Cli.to(server).onTerminal(120), server).out();
            String plain = watch(Cli.to(server).onTerminal(120).with("NO_COLOR", "1"), server)
                    .out();
            assertThat(coloured).contains("\u001b[32m");
            assertThat(plain).doesNotContainPattern("\u001b\\[\\d*m").contains("███");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 20, 40, 60, 80, 120, 200})
    void a_bar_never_breaks_the_line(int columns) {
        StepProgress progress = Events.progress(1, 60_000).getProgress();
        for (String label : new String[] {"step 1/1 x", "step 12/30 index-range " + "日本語の表".repeat(20)}) {
            String line = new Bar(label, progress).line(columns);
            assertThat(Text.width(line)).isLessThanOrEqualTo(columns);
            assertThat(line).contains("50%");
            assertThat(Text.width(new Bar(label, null).line(columns))).isLessThanOrEqualTo(columns);
        }
    }

    @Test
    void a_run_that_goes_slowly_beside_others_does_not_wait_for_no_time_nor_tell_of_no_transactions() {
        RunThrottled.Builder beside = RunThrottled.newBuilder()
                .setSignal(ThrottleSignal.THROTTLE_SIGNAL_OTHERS_AT_WORK)
                .setThreshold(1);
        assertThat(EventText.throttled(beside.build())).isEqualTo("goes slowly: others at work");
        assertThat(EventText.throttled(beside.setValue(829)
                        .setWait(Duration.newBuilder().setNanos(20_000_000))
                        .build()))
                .isEqualTo("waits 20 ms: others at work: 829 transactions/s");
    }
}
