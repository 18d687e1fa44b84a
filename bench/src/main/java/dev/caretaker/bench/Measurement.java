package dev.caretaker.bench;

import dev.caretaker.bench.BenchDatabase.Remainder;
import dev.caretaker.bench.Contender.Work;

/**
 * One contender in one scenario in one round.
 *
 * @param round from 1
 * @param walBytes write-ahead log written meanwhile, by the whole server, on which nothing else worked
 */
record Measurement(
        Scenario scenario,
        String contender,
        int round,
        Work work,
        long walBytes,
        long rowsBefore,
        Remainder remainder) {

    double seconds() {
        return work.time().toNanos() / 1e9;
    }

    long rowsDeleted() {
        return rowsBefore - remainder.rows();
    }
}
