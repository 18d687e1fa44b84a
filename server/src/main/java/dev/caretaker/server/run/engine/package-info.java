/**
 * The run engine. It owns the loop of everything long: lease, fence, pause, cancel, deadline, window, throttle, batch sizes,
 * retries, journal and events. Read it in this order:
 *
 * <ol>
 *   <li>Behind the door: {@code RunsService} accepts, {@code Steering} pauses and cancels, {@code RunPages} lists, {@code RunWatch}
 *       replays and follows.
 *   <li>From a task to a step: {@code RunDispatch} (which server) → {@code RunExecutor} (the lease) → {@code RunWork} (steps
 *       in order, kept in {@code RunSteps}; {@code Beginning} says what they wait for, {@code Ending} writes how they end) →
 *       {@code StepRunner} (session, fence) with {@code StepDoubt} (what becomes of a batch in doubt).
 *   <li>The two loops: {@code BatchLoop} with {@code Overlap} (which session works, which commits), {@code BatchTransaction}
 *       with {@code Slices}, {@code BatchSizer}, {@code BatchBrake} and {@code Throttle}, {@code BatchRecovery} (one that failed);
 *       {@code StatementLoop} with {@code StatementRun} and {@code GivingWay}.
 *   <li>What both use: {@code StepScope} (all that concerns one step), {@code Control} (what is asked of the run now), {@code
 *       Monitor} (the look from beside), {@code BeforeAndAfter} (what the tables were like), {@code StepJournal} and {@code
 *       Pending} (what may have happened), {@code InDoubt} (whether it did), {@code Fence}, {@code Failure} and {@code Retries}.
 *   <li>What must not stay: a step owes it ({@code RunContext}, {@code RunDebts}), {@code DebtSweep} and {@code EarlierDebts}
 *       have it settled by {@code DebtSettling} once its run has ended.
 * </ol>
 */
package dev.caretaker.server.run.engine;
