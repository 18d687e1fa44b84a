package dev.caretaker.cli.watch;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.ServerError;
import dev.caretaker.cli.terminal.Interrupts;
import dev.caretaker.v1.RunEvent;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Follows a run to its end. A stream that breaks is opened again from the next event, with growing pauses for a bounded
 * time, so that every event is shown once and none is lost. A server that was never there is not waited for.
 */
final class Follower {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final RunSink sink;
    private final BiFunction<String, Long, Opening> reopening;
    private final Duration patience;
    private final Duration silence;
    private final boolean leaveAfterFirst;

    private EventStream<?> stream;
    private String runId = "";
    private long lastSequence;
    private boolean broken;
    private long brokenSince;
    private long pause = FIRST_PAUSE_NANOS;
    private long reopenAt;
    private long heardAt;
    private boolean heard;

    /**
     * @param sink where events go
     * @param reopening watches a run from a sequence number
     * @param patience how long a broken stream is tried again
     * @param silence how long a stream may bring nothing, not even a heartbeat, before it counts as broken
     * @param leaveAfterFirst whether one event is enough
     */
    Follower(
            RunSink sink,
            BiFunction<String, Long, Opening> reopening,
            Duration patience,
            Duration silence,
            boolean leaveAfterFirst) {
        this.sink = sink;
        this.reopening = reopening;
        this.patience = patience;
        this.silence = silence;
        this.leaveAfterFirst = leaveAfterFirst;
    }

    /** The run; empty before the first event. */
    String runId() {
        return runId;
    }

    /** Says that the run is known already, and from which event on it is wanted. */
    Follower from(String knownRunId, long sequence) {
        runId = knownRunId;
        lastSequence = Math.max(0, sequence - 1);
        return this;
    }

    /**
     * Follows from the first stream on.
     *
     * @param cancel called with the run's id at the first interrupt; null means to leave at once
     */
    Ending follow(Opening first, Interrupts interrupts, Consumer<String> cancel) {
        Consumer<String> onInterrupt = cancel;
        try (Interrupts.Listening listening = interrupts.listen(() -> signals.add(new Signal.Interrupted()))) {
            stream = first.open(signals);
            heardAt = System.nanoTime();
            while (true) {
                Signal signal = poll();
                Ending ending = null;
                if (signal instanceof Signal.Arrived arrived && arrived.stream() == stream) {
                    ending = arrived(arrived.event());
                } else if (signal instanceof Signal.Closed closed && closed.stream() == stream) {
                    ending = closed(closed.error());
                } else if (signal instanceof Signal.Interrupted) {
                    if (onInterrupt == null || runId.isEmpty()) {
                        ending = leave(true);
                    } else {
                        onInterrupt.accept(runId);
                        onInterrupt = null;
                    }
                }
                if (ending != null) {
                    return ending;
                }
            }
        }
    }

    /** The next signal; reopens and ticks while there is none. */
    private Signal poll() {
        long wait = TICK_NANOS;
        if (stream == null) {
            wait = Math.min(wait, reopenAt - System.nanoTime());
            if (wait <= 0) {
                stream = reopening.apply(runId, lastSequence + 1).open(signals);
                heardAt = System.nanoTime();
                wait = TICK_NANOS;
            }
        }
        try {
            Signal signal = signals.poll(wait, TimeUnit.NANOSECONDS);
            if (signal != null) {
                return signal;
            }
            sink.tick();
            return fellSilent() ? silenced() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Signal.Interrupted();
        }
    }

    /** A server that accepted a run sends heartbeats; without them the network swallowed the connection. */
    private boolean fellSilent() {
        return stream != null && heard && System.nanoTime() - heardAt >= silence.toNanos();
    }

    private Signal silenced() {
        stream.leave();
        String sentence = "nothing heard for " + silence.toSeconds() + " s";
        return new Signal.Closed(
                stream, Status.UNAVAILABLE.withDescription(sentence).asRuntimeException());
    }

    private Ending arrived(RunEvent event) {
        heardAt = System.nanoTime();
        heard = true;
        stream.next();
        if (!event.getRunId().isEmpty()) {
            runId = event.getRunId();
        }
        if (broken) {
            broken = false;
            pause = FIRST_PAUSE_NANOS;
            sink.notice("Connected again.");
        }
        if (event.hasHeartbeat()) {
            sink.alive(event.getHeartbeat().getState());
            return sink.isGone() ? leave(false) : null;
        }
        if (event.getSequence() <= lastSequence) {
            return null;
        }
        lastSequence = event.getSequence();
        sink.event(event);
        if (event.hasFinished()) {
            stream.leave();
            return new Ending.Finished(runId, event.getFinished());
        }
        return leaveAfterFirst || sink.isGone() ? leave(false) : null;
    }

    private Ending closed(Throwable error) {
        stream = null;
        if (error != null && ServerError.of(error).reason().equals("EVENTS_EXPIRED")) {
            return new Ending.Expired(runId, asRuntime(error));
        }
        if (!heard || error != null && !mayPass(error)) {
            throw asRuntime(error);
        }
        if (!broken) {
            broken = true;
            brokenSince = System.nanoTime();
            sink.notice("The connection is lost; the run goes on. Connecting again ...");
        }
        if (System.nanoTime() - brokenSince >= patience.toNanos()) {
            sink.notice("Gave up. Watch it again: caretaker runs watch " + runId);
            throw asRuntime(error);
        }
        reopenAt = System.nanoTime() + pause;
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        return null;
    }

    private Ending leave(boolean interrupted) {
        if (stream != null) {
            stream.leave();
        }
        return new Ending.Detached(runId, interrupted);
    }

    /** Errors of the way rather than of the request: the server went away, or a proxy in between gave up. */
    private static boolean mayPass(Throwable error) {
        ServerError what = ServerError.of(error);
        return switch (what.code()) {
            case UNAVAILABLE -> true;
            case INTERNAL, UNKNOWN, CANCELLED, DEADLINE_EXCEEDED ->
                what.reason().isEmpty();
            default -> false;
        };
    }

    private RuntimeException asRuntime(Throwable error) {
        if (error == null) {
            String what = heard ? "before the run ended, again and again" : "without a word about the run";
            return new CommandFailure(ExitCode.UNREACHABLE, "the server ended the stream " + what);
        }
        return error instanceof RuntimeException runtime
                ? runtime
                : new StatusRuntimeException(Status.fromThrowable(error));
    }
}
