package dev.caretaker.server.run;

import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a step may know of the run around it. */
public interface StepContext {

    UUID runId();

    /** Number of the lease under which the step works; a server that takes the run over has a greater one. */
    long epoch();

    /** Plan that the run executes, if any. */
    Optional<UUID> planId();

    /** Who started the run. */
    Actor startedBy();

    /** Name of the target. */
    String target();

    /** Table in whose totals the step is counted, see {@link StepSpec}. */
    TableName table();

    Clock clock();

    /** When the run's time is up; empty if it has no limit. */
    Optional<Instant> deadline();

    /** What the run's earlier steps did to relations, by relation: a follow-up asks it whether it is worth while. */
    Map<TableName, Totals> doneSoFar();

    /** Rows that the run may still delete for the step's policy; {@link Long#MAX_VALUE} if it has no limit. */
    long rowsLeft();

    /**
     * Writes down what the step is about to make and must not stay. When this returns it is durable: only then may it be made.
     * The same kind and object again replaces what was written, so that it may be called before every attempt.
     */
    void owe(Debt debt);

    /**
     * The same for the statement that the step returns next: written down with the intent to run it, and durable before it runs.
     */
    void oweForNext(Debt debt);

    /**
     * The catalog shows that what was owed is gone, or is what it was to become. Does nothing if nothing was owed. What is never
     * struck is settled after the run's end, and told there. Written with the next entry of the run's journal.
     */
    void strike(String kind, TableName object);

    /** Whether another step of the run, on the same table, failed for that reason. */
    boolean failedBefore(Reason reason);

    /** Open debts on the step's table that other steps and runs have left, oldest first. */
    List<DebtView> debtsOfOthers();

    /** Publishes a warning event of this step. */
    void warn(String code, String message, Map<String, String> metadata);
}
