package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import java.util.ArrayList;
import java.util.List;

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
        if (held.get() != null) {
            writes.run();
            return;
        }
        List<RunEvent> all = new ArrayList<>();
        held.set(all);
        try {
            writes.run();
        } finally {
            held.remove();
        }
        all.forEach(listener::happened);
    }
}
