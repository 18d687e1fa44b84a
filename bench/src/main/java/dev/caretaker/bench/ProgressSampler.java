package dev.caretaker.bench;

import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.RunServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks a few times a second how far a run is: its events tell it but once. */
final class ProgressSampler implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final List<Slowdown.Point> points = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private ProgressSampler(ManagedChannel channel, String runId) {
        RunServiceGrpc.RunServiceBlockingStub runs = RunServiceGrpc.newBlockingStub(channel);
        GetRunRequest request = GetRunRequest.newBuilder().setRunId(runId).build();
        thread = Thread.ofVirtual().start(() -> sample(runs, request));
    }

    static ProgressSampler start(ManagedChannel channel, String runId) {
        return new ProgressSampler(channel, runId);
    }

    /** What was seen so far. */
    List<Slowdown.Point> points() {
        return points;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void sample(RunServiceGrpc.RunServiceBlockingStub runs, GetRunRequest request) {
        try {
            while (true) {
                long rows = runs.getRun(request).getRun().getTotals().getRowsDeleted();
                points.add(new Slowdown.Point(System.nanoTime() / 1e9, rows));
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                System.err.println("caretaker bench: progress is no longer sampled: " + e.getStatus());
            }
        }
    }
}
