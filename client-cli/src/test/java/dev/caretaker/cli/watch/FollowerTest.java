package dev.caretaker.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.terminal.Interrupts;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private static final Interrupts NEVER = action -> () -> {};

    /** Remembers the numbers of events and what was said. */
    private static final class Notes implements RunSink {
        private final List<Long> sequences = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();

        @Override
        public void event(RunEvent event) {
            sequences.add(event.getSequence());
        }

        @Override
        public void notice(String sentence) {
            notices.add(sentence);
        }
    }

    @Test
    void a_stream_without_even_a_heartbeat_counts_as_broken() {
        try (FakeServer server = new FakeServer()) {
            server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
                for (RunEvent event : request.getFromSequence() == 1
                        ? List.of(Events.accepted(1), Events.running(2))
                        : List.of(Events.finished(3, RunOutcome.RUN_OUTCOME_COMPLETE))) {
                    stream.onNext(WatchRunResponse.newBuilder().setEvent(event).build());
                }
            });
            ManagedChannel channel = OkHttpChannelBuilder.forAddress(
                            "127.0.0.1", server.port(), InsecureChannelCredentials.create())
                    .build();
            Notes notes = new Notes();
            Follower follower = new Follower(
                    notes,
                    (runId, sequence) -> watching(channel, sequence),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(500),
                    false);
            Ending ending = follower.follow(watching(channel, 1), NEVER, null);
            channel.shutdownNow();
            assertThat(ending).isInstanceOf(Ending.Finished.class);
            assertThat(notes.sequences).containsExactly(1L, 2L, 3L);
            assertThat(notes.notices).hasSize(2);
        }
    }

    private static Opening watching(ManagedChannel channel, long from) {
        WatchRunRequest request = WatchRunRequest.newBuilder()
                .setRunId(Events.RUN)
                .setFromSequence(from)
                .build();
        return Opening.of(
                WatchRunResponse::getEvent,
                observer -> RunServiceGrpc.newStub(channel).watchRun(request, observer));
    }
}
