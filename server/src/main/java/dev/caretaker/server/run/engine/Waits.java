package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Short waits. An interrupt ends them early and stays set: the thread's owner wants it to finish. */
final class Waits {
    private Waits() {}

    static void sleep(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }
}
