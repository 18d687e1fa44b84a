package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.store.RunRow;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** All who listen. */
@Singleton
final class RunListeners {
    private final List<RunListener> listeners;

    RunListeners(List<RunListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    RunListener.Work begins(RunRow run) {
        return begins(new RunListener.Beginning(
                run.id(),
                run.kind(),
                run.target(),
                run.created(),
                run.started(),
                run.traceParent().map(TraceParent::stored)));
    }

    RunListener.Work begins(RunListener.Beginning run) {
        List<RunListener.Work> all = listeners.stream()
                .map(listener -> listener.begins(run))
                .filter(work -> work != RunListener.Work.UNHEARD)
                .toList();
        return switch (all.size()) {
            case 0 -> RunListener.Work.UNHEARD;
            case 1 -> all.getFirst();
            default -> new Several(all);
        };
    }

    private record Several(List<RunListener.Work> all) implements RunListener.Work {
        @Override
        public void happened(RunEvent event) {
            all.forEach(one -> one.happened(event));
        }

        @Override
        public void heldBack(ThrottleSignal signal, Duration time) {
            all.forEach(one -> one.heldBack(signal, time));
        }

        @Override
        public void batch(RunListener.BatchReport batch) {
            all.forEach(one -> one.batch(batch));
        }

        @Override
        public void failed(RunListener.FailureReport failure) {
            all.forEach(one -> one.failed(failure));
        }

        @Override
        public void lost() {
            all.forEach(RunListener.Work::lost);
        }
    }
}
