package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Course;
import dev.caretaker.v1.Run;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Reads runs for those who follow them: one reading serves all who asked before it began, however many watch. */
@Singleton
final class LatestRuns {
    private final Map<String, Watched> watched = new HashMap<>();

    /** A run that somebody follows; to be closed by him. */
    Following follow(String runId) {
        synchronized (watched) {
            Watched run = watched.computeIfAbsent(runId, id -> new Watched());
            run.followers++;
            return new Following(runId, run);
        }
    }

    private static final class Watched {
        private final Latest<Run> run = new Latest<>();
        private final Latest<Course> course = new Latest<>();
        private int followers;
    }

    /** What was read last. */
    private static final class Latest<T> {
        private final ReentrantLock turn = new ReentrantLock();
        private long begun;
        private Optional<T> value = Optional.empty();

        T get(Supplier<T> read) {
            long asked = System.nanoTime();
            turn.lock();
            try {
                if (value.isEmpty() || begun - asked < 0) {
                    begun = System.nanoTime();
                    value = Optional.of(read.get());
                }
                return value.get();
            } finally {
                turn.unlock();
            }
        }
    }

    /** One who follows it. */
    final class Following implements AutoCloseable {
        private final String runId;
        private final Watched run;

        private Following(String runId, Watched run) {
            this.runId = runId;
            this.run = run;
        }

        /** The run as it is now or was at some moment since this was asked. */
        Run latest(Supplier<Run> read) {
            return run.run.get(read);
        }

        /** The same of how it went over time. */
        Course course(Supplier<Course> read) {
            return run.course.get(read);
        }

        @Override
        public void close() {
            synchronized (watched) {
                run.followers--;
                if (run.followers == 0) {
                    watched.remove(runId);
                }
            }
        }
    }
}
