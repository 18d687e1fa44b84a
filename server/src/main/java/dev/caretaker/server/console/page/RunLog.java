package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.EventWords;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Problem;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What happened to a run lately.
 *
 * @param events that are worth a line, the latest first
 * @param problem why they could not be read, a sentence; empty if they could
 */
public record RunLog(List<RunEvent> events, String problem) {
    /** Nothing was asked for. */
    static final RunLog NONE = new RunLog(List.of(), "");

    /** Events before now that are looked at: a minute or two of progress, with what was between. */
    private static final int BEFORE = 200;

    private static final int MOST = 60;
    /** A page waits for it no longer; nobody who follows a run is bound by that. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A log as it grows, of which the oldest lines are let go. */
    static final class Writing {
        private final Deque<RunEvent> lines = new ArrayDeque<>();

        void add(RunEvent event) {
            if (EventWords.isWorthALine(event)) {
                lines.addFirst(event);
                if (lines.size() > MOST) {
                    lines.removeLast();
                }
            }
        }

        RunLog read() {
            return new RunLog(List.copyOf(lines), "");
        }
    }

    /** As it is now, of a run that was just read. Without it there is still a page: what keeps it away is told there. */
    static RunLog of(Api api, Run run) {
        try {
            return read(api, run);
        } catch (StatusRuntimeException e) {
            return new RunLog(List.of(), Problem.of(e).message());
        }
    }

    private static RunLog read(Api api, Run run) {
        return Api.leaving(() -> {
            Writing log = new Writing();
            Iterator<WatchRunResponse> events = latest(api.watching().withDeadlineAfter(PATIENCE), run);
            while (events.hasNext()) {
                RunEvent event = events.next().getEvent();
                log.add(event);
                if (event.getSequence() >= run.getLastSequence() || event.hasHeartbeat()) {
                    break;
                }
            }
            return log.read();
        });
    }

    /** Its events from a little before now on, however many there were; and those to come. */
    static Iterator<WatchRunResponse> latest(RunServiceBlockingStub runs, Run run) {
        Iterator<WatchRunResponse> events = watch(runs, run, Math.max(1, run.getLastSequence() - BEFORE));
        try {
            if (events.hasNext()) {
                return events;
            }
        } catch (StatusRuntimeException e) {
            // Progress is kept for a shorter time than what else happened.
            if (e.getStatus().getCode() != Status.Code.OUT_OF_RANGE) {
                throw e;
            }
        }
        return watch(runs, run, run.getLastSequence());
    }

    private static Iterator<WatchRunResponse> watch(RunServiceBlockingStub runs, Run run, long from) {
        return runs.watchRun(WatchRunRequest.newBuilder()
                .setRunId(run.getRunId())
                .setFromSequence(from)
                .build());
    }
}
