package dev.caretaker.server.run.engine;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.LeaseStore.Entry;
import dev.caretaker.server.store.LeaseStore.StepEnd;
import dev.caretaker.server.store.RunSignals;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Totals;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a step stands: what is settled, and the one batch or statement that may or may not have happened. One entry settles
 * the batch before and notes the next, in a single statement. Used by the run's own thread.
 */
final class StepJournal {
    private final Lease lease;
    private final StepRow step;
    private long number;
    private Optional<String> position;
    private long batchSize;
    private double fraction;
    private Totals totals;
    private Optional<Pending> pending;
    private Optional<String> lineage;

    StepJournal(Lease lease, StepRow step) {
        this.lease = lease;
        this.step = step;
        this.number = step.entry();
        this.position = step.position();
        this.batchSize = step.batchSize().orElse(0L);
        this.fraction = step.fraction();
        this.totals = step.totals();
        this.pending = step.pending().map(json -> Json.read(json, Pending.class));
        this.lineage = step.lineage();
    }

    int ordinal() {
        return step.ordinal();
    }

    <C> Optional<C> position(Class<C> type) {
        return position.map(json -> Json.read(json, type));
    }

    /** Size learned earlier; 0 if none. */
    long batchSize() {
        return batchSize;
    }

    double fraction() {
        return fraction;
    }

    Totals totals() {
        return totals;
    }

    Optional<Pending> pending() {
        return pending;
    }

    /** Cluster and timeline that it worked on latest; empty before it worked. */
    Optional<String> lineage() {
        return lineage;
    }

    /** Written when the step starts there. */
    void worksOn(String now) {
        lineage = Optional.of(now);
    }

    /** Share that was told; written with the next entry. */
    void told(double share) {
        fraction = Math.max(fraction, share);
    }

    /** Notes where to go on; written with the next entry. */
    void moveTo(Record cursor) {
        position = Optional.of(Json.write(cursor));
    }

    /** The step goes on from its start; written with the next entry. */
    void startOver() {
        position = Optional.empty();
    }

    void learned(long size) {
        batchSize = size;
    }

    void retried() {
        totals = totals.plus(Totals.retry());
    }

    /** A statement ran, whatever came of it. */
    void worked(long walBytes, Duration busy) {
        totals = totals.plus(Totals.ofStatement(walBytes, busy));
    }

    /** A part of the count is an estimate from now on. */
    void inexact() {
        totals = totals.inexact();
    }

    /** Writes what is settled and what is about to happen. From here on it may have happened. */
    RunSignals begin(Pending next) {
        RunSignals signals = write(Optional.of(next));
        pending = Optional.of(next);
        return signals;
    }

    /** The pending batch was committed. */
    void happened() {
        Pending done = pending.orElseThrow();
        totals = totals.plus(done.done());
        fraction = Math.max(fraction, done.fraction());
        position = done.next().map(Object::toString).or(() -> position);
        pending = Optional.empty();
    }

    /** The pending batch was committed, but the step goes on from where it stood before it. */
    void counted(Totals done) {
        totals = totals.plus(done);
        fraction = Math.max(fraction, pending.map(Pending::fraction).orElse(0.0));
        pending = Optional.empty();
    }

    /** The pending batch was rolled back. */
    void didNotHappen() {
        pending = Optional.empty();
    }

    /** Writes what is known now. */
    RunSignals settle() {
        return write(pending);
    }

    StepEnd end(StepResult.Ended ended) {
        return new StepEnd(
                ++number, ended.outcome(), ended.message(), ended.error().map(Json::write), ended.totals());
    }

    private RunSignals write(Optional<Pending> uncertain) {
        return lease.journal(
                step.ordinal(), new Entry(++number, position, batchSize, fraction, totals, uncertain.map(Json::write)));
    }
}
