package dev.caretaker.server.console.page;

import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Whose turn it is to run the checks of a target for the console. Its health and its findings are looked for by the same ones, each of
 * which is a query there: whatever pages want, they run one after the other.
 */
@Singleton
final class Turns {
    private final Map<String, Turn> turns = new HashMap<>();

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users;
    }

    /** Does it once nobody else is at that target. */
    <V> V take(String target, Supplier<V> look) {
        Turn turn = begin(target);
        try {
            turn.lock.lock();
            try {
                return look.get();
            } finally {
                turn.lock.unlock();
            }
        } finally {
            end(target, turn);
        }
    }

    private synchronized Turn begin(String target) {
        Turn turn = turns.computeIfAbsent(target, name -> new Turn());
        turn.users++;
        return turn;
    }

    private synchronized void end(String target, Turn turn) {
        turn.users--;
        if (turn.users == 0) {
            turns.remove(target);
        }
    }
}
