package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Tells who listens of events once they are stored: those of one transaction when all of it is. */
final class Telling {
    private final RunListener.Work listener;
    /** Those of this thread's transaction that are not told yet. */
    private final ThreadLocal<List<RunEvent>> held = new ThreadLocal<>();

    Telling(RunListener.Work listener) {
        this.listener = listener;
    }

    RunListener.Work listener() {
        return listener;
    }

    /** It is written. */
    void written(RunEvent event) {
        List<RunEvent> waiting = held.get();
        if (waiting == null) {
            listener.happened(event);
        } else {
            waiting.add(event);
        }
    }

    /** What is written meanwhile is told afterwards, or never if this throws. */
    void together(Runnable writes) {
        during(() -> {
            writes.run();
            return true;
        });
    }

    /** The same for writes that bring something back. */
    <T> T during(Supplier<T> writes) {
        if (held.get() != null) {
            return writes.get();
        }
        List<RunEvent> all = new ArrayList<>();
        T result;
        held.set(all);
        try {
            result = writes.get();
        } finally {
            held.remove();
        }
        all.forEach(listener::happened);
        return result;
    }
}
