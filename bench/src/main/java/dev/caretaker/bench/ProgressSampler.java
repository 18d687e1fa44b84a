package dev.caretaker.bench;

import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.RunServiceGrpc;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks a few times a second how far a run is, and how much memory the server takes: its events tell it but once. */
final class ProgressSampler implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final List<Course.Point> points = new CopyOnWriteArrayList<>();
    private final CaretakerServer server;
    private final Thread thread;

    private ProgressSampler(CaretakerServer server, String runId) {
        this.server = server;
        RunServiceGrpc.RunServiceBlockingStub runs = RunServiceGrpc.newBlockingStub(server.channel());
        GetRunRequest request = GetRunRequest.newBuilder().setRunId(runId).build();
        thread = Thread.ofVirtual().start(() -> sample(runs, request));
    }

    static ProgressSampler start(CaretakerServer server, String runId) {
        return new ProgressSampler(server, runId);
    }

    /** What was seen so far. */
    Course course() {
        return new Course(List.copyOf(points));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void sample(RunServiceGrpc.RunServiceBlockingStub runs, GetRunRequest request) {
        try {
            while (true) {
                long rows = runs.getRun(request).getRun().getTotals().getRowsDeleted();
                points.add(new Course.Point(System.nanoTime() / 1e9, rows, server.residentBytes()));
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
