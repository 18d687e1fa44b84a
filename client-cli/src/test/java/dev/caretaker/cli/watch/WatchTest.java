package dev.caretaker.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.CancelRunResponse;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":\"(\\d+)\"");

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static void send(StreamObserver<Message> stream, List<RunEvent> events, long from) {
        events.stream()
                .filter(event -> event.getSequence() >= from)
                .forEach(event -> stream.onNext(
                        WatchRunResponse.newBuilder().setEvent(event).build()));
    }

    private void keeps(List<RunEvent> events) {
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            send(stream, events, request.getFromSequence());
            stream.onCompleted();
        });
    }

    private static List<String> sequences(String ndjson) {
        return SEQUENCE.matcher(ndjson).results().map(match -> match.group(1)).toList();
    }

    private CompletableFuture<Cli.Result> inBackground(Cli cli, String... args) {
        return CompletableFuture.supplyAsync(() -> cli.run(args));
    }

    private static Cli.Result result(CompletableFuture<Cli.Result> running) throws Exception {
        return running.get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_watch_replays_from_the_beginning_or_from_a_number() {
        keeps(Events.all(RunOutcome.RUN_OUTCOME_COMPLETE));
        server.on(
                "GetRun",
                GetRunRequest.class,
                request -> GetRunResponse.newBuilder()
                        .setRun(Run.newBuilder().setState(RunState.RUN_STATE_RUNNING))
                        .build());
        assertThat(sequences(Cli.to(server)
                        .run("runs", "watch", Events.RUN, "-o", "ndjson")
                        .out()))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(sequences(Cli.to(server)
                        .run("runs", "watch", Events.RUN, "-o", "ndjson", "--from", "6")
                        .out()))
                .containsExactly("6", "7", "8");
    }

    @Test
    void a_broken_stream_is_taken_up_where_it_broke_with_nothing_lost_or_repeated() {
        List<RunEvent> events = Events.all(RunOutcome.RUN_OUTCOME_COMPLETE);
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            switch (server.requests(WatchRunRequest.class).size()) {
                case 1 -> {
                    send(stream, events.subList(0, 3), 1);
                    stream.onError(Status.UNAVAILABLE.withDescription("restart").asRuntimeException());
                }
                case 2 -> {
                    // A server that replays too much, then ends in good order although the run has not.
                    send(stream, events.subList(1, 5), 1);
                    stream.onCompleted();
                }
                default -> send(stream, events, request.getFromSequence());
            }
        });
        Cli.Result result = Cli.to(server).run("runs", "watch", Events.RUN, "-o", "ndjson");
        assertThat(result.exitCode()).isZero();
        assertThat(sequences(result.out())).containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(server.requests(WatchRunRequest.class))
                .extracting(WatchRunRequest::getFromSequence)
                .containsExactly(1L, 4L, 6L);
        assertThat(result.err()).contains("The connection is lost").contains("Connected again");
    }

    @Test
    void a_server_that_restarts_is_found_again() throws Exception {
        List<RunEvent> events = Events.all(RunOutcome.RUN_OUTCOME_COMPLETE);
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            boolean first = server.requests(WatchRunRequest.class).size() == 1;
            send(stream, first ? events.subList(0, 4) : events, request.getFromSequence());
        });
        Cli cli = Cli.to(server);
        CompletableFuture<Cli.Result> running = inBackground(cli, "runs", "watch", Events.RUN, "-o", "ndjson");
        await().until(() -> sequences(cli.outSoFar()).size() == 4);
        server.restart();
        assertThat(sequences(result(running).out())).containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
    }

    @Test
    void it_gives_up_after_the_time_it_was_given() {
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            if (server.requests(WatchRunRequest.class).size() == 1) {
                send(stream, List.of(Events.accepted(1)), 1);
            }
            stream.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
        });
        Cli.Result result = Cli.to(server).run("runs", "watch", Events.RUN, "--reconnect-for", "300ms");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("Gave up. Watch it again: caretaker runs watch " + Events.RUN);
        assertThat(server.requests(WatchRunRequest.class)).hasSizeGreaterThan(1);
    }

    @Test
    void a_server_that_was_never_there_is_not_waited_for() {
        String address = server.address();
        server.stop();
        Cli.Result result = new Cli().run("runs", "watch", Events.RUN, "--server", address);
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).startsWith("caretaker: cannot reach " + address);
    }

    @Test
    void a_run_that_deletes_nothing_by_its_nature_does_not_speak_of_rows() {
        RunEvent.Builder end = Events.at(2);
        end.getFinishedBuilder().setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE);
        keeps(List.of(Events.accepted(1), end.build()));
        assertThat(Cli.to(server).run("runs", "watch", Events.RUN).out())
                .endsWith("\nComplete (run " + Events.RUN + ")\n");
    }

    @Test
    void a_run_that_does_not_exist_is_refused_at_once() {
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            throw FakeServer.error(Code.NOT_FOUND, "RUN_NOT_FOUND", "no run nosuch");
        });
        Cli.Result result = Cli.to(server).run("runs", "watch", Events.RUN);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(server.requests(WatchRunRequest.class)).hasSize(1);
    }

    @Test
    void ctrl_c_detaches_and_says_how_to_come_back() throws Exception {
        server.onStream(
                "WatchRun", WatchRunRequest.class, (request, stream) -> send(stream, List.of(Events.accepted(1)), 1));
        Cli cli = Cli.to(server);
        CompletableFuture<Cli.Result> running = inBackground(cli, "runs", "watch", Events.RUN);
        await().until(() -> cli.outSoFar().contains("cleanup of shop"));
        cli.interrupt();
        assertThat(result(running).exitCode()).isZero();
        assertThat(result(running).err())
                .contains("the run goes on. Watch it again: caretaker runs watch " + Events.RUN);
        assertThat(server.requests(CancelRunRequest.class)).isEmpty();
    }

    @Test
    void ctrl_c_cancels_when_asked_to_and_waits_for_the_end() throws Exception {
        AtomicReference<StreamObserver<Message>> watcher = new AtomicReference<>();
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            watcher.set(stream);
            send(stream, List.of(Events.accepted(1)), 1);
        });
        server.on("CancelRun", CancelRunRequest.class, request -> {
            send(watcher.get(), List.of(Events.finished(2, RunOutcome.RUN_OUTCOME_CANCELLED)), 1);
            return CancelRunResponse.getDefaultInstance();
        });
        Cli cli = Cli.to(server);
        CompletableFuture<Cli.Result> running =
                inBackground(cli, "runs", "watch", Events.RUN, "--on-interrupt=cancel", "--actor", "cron");
        await().until(() -> cli.outSoFar().contains("cleanup of shop"));
        cli.interrupt();
        assertThat(result(running).exitCode()).isEqualTo(5);
        CancelRunRequest cancel = server.request(CancelRunRequest.class);
        assertThat(cancel.getActor()).isEqualTo("cron");
        assertThat(cancel.getRunId()).isEqualTo(Events.RUN);
    }

    @Test
    void a_second_ctrl_c_leaves_even_if_the_run_goes_on() throws Exception {
        server.onStream(
                "WatchRun", WatchRunRequest.class, (request, stream) -> send(stream, List.of(Events.accepted(1)), 1));
        server.on("CancelRun", CancelRunRequest.class, request -> CancelRunResponse.getDefaultInstance());
        Cli cli = Cli.to(server);
        CompletableFuture<Cli.Result> running =
                inBackground(cli, "runs", "watch", Events.RUN, "--on-interrupt", "cancel");
        await().until(() -> cli.outSoFar().contains("cleanup of shop"));
        cli.interrupt();
        await().until(() -> cli.errSoFar().contains("Asked the run to cancel"));
        cli.interrupt();
        assertThat(result(running).exitCode()).isZero();
        assertThat(server.requests(CancelRunRequest.class)).hasSize(1);
    }

    @Test
    void what_comes_after_the_end_of_a_run_is_nothing_but_its_outcome() {
        GetRunResponse.Builder run = GetRunResponse.newBuilder();
        run.getRunBuilder()
                .setRunId(Events.RUN)
                .setState(RunState.RUN_STATE_ENDED)
                .setOutcome(RunOutcome.RUN_OUTCOME_PINNED)
                .setLastSequence(7);
        server.on("GetRun", GetRunRequest.class, request -> run.build());
        Cli.Result result = Cli.to(server).run("runs", "watch", Events.RUN, "--from", "8");
        assertThat(result).isEqualTo(new Cli.Result(7, "", "The run has ended; its last event is number 7.\n"));
    }

    @Test
    void a_run_whose_first_events_are_gone_is_shown_as_it_stands() {
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            if (request.getFromSequence() < 8) {
                throw FakeServer.error(Code.OUT_OF_RANGE, "EVENTS_EXPIRED", "events before 8 are no longer kept");
            }
            send(stream, Events.all(RunOutcome.RUN_OUTCOME_COMPLETE), request.getFromSequence());
        });
        GetRunResponse.Builder run = GetRunResponse.newBuilder();
        run.getRunBuilder()
                .setRunId(Events.RUN)
                .setState(RunState.RUN_STATE_RUNNING)
                .setLastSequence(7);
        server.on("GetRun", GetRunRequest.class, request -> run.build());
        Cli.Result result = Cli.to(server).run("runs", "watch", Events.RUN);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Complete: 119,000 rows deleted");

        run.getRunBuilder().setState(RunState.RUN_STATE_ENDED).setOutcome(RunOutcome.RUN_OUTCOME_PINNED);
        assertThat(Cli.to(server).run("runs", "watch", Events.RUN).exitCode()).isEqualTo(7);
        assertThat(Cli.to(server)
                        .run("runs", "watch", Events.RUN, "--from", "2")
                        .exitCode())
                .isEqualTo(3);
    }

    @Test
    void piped_it_prints_plain_lines_and_progress_only_now_and_then() {
        List<RunEvent> events =
                new java.util.ArrayList<>(List.of(Events.accepted(1), Events.running(2), Events.started(3)));
        for (int i = 4; i < 64; i++) {
            events.add(Events.progress(i, i * 1000L));
        }
        events.add(Events.warning(64));
        events.add(Events.stepFinished(65, RunOutcome.RUN_OUTCOME_COMPLETE));
        events.add(Events.finished(66, RunOutcome.RUN_OUTCOME_COMPLETE));
        keeps(events);
        String out = Cli.to(server).run("runs", "watch", Events.RUN).out();
        assertThat(out).doesNotContain("\u001b").doesNotContain("\r");
        assertThat(out)
                .contains("2025-06-01 12:00:03Z  step 1/1 index-range Jobs starts")
                .contains("step 1/1 index-range Jobs: 10 %, 13,000/120,000 rows, ETA 12 s, 31,200 rows/s, batch 98 ms")
                .contains("warning: a batch was tried again [BATCH_RETRIED]")
                .contains("step 1/1 index-range Jobs: complete, 119,000 rows deleted");
        assertThat(out.lines().filter(line -> line.contains("ETA"))).hasSize(6);
    }
}
