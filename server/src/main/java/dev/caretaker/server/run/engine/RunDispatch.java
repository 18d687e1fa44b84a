package dev.caretaker.server.run.engine;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.caretaker.server.config.EngineConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.Rush;
import dev.caretaker.server.run.engine.RunExecutor.Then;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.RunStore;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings runs to servers: one db-scheduler task a run, in the control store that all servers share. A server that stops
 * saying that it is alive loses its tasks to the others. Times are those of the control store, whose clock may leap, either way, as
 * it is set: nobody loses anything by that, and nothing waits for longer.
 */
@Singleton
final class RunDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(RunDispatch.class);
    private static final String TASK = "run";
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);
    /** Less is a wait that is hardly longer. */
    private static final Duration BACK = Duration.ofSeconds(-1);

    private final RunExecutor executor;
    private final Rush rush;
    private final RunAbandonment abandonment;
    private final DebtSweep debts;
    private final RunStore runs;
    private final EngineConfig config;
    private final Clock clock;
    private final ClockWatch watch;
    private final Signs signs;
    private final String server;
    private final Scheduler scheduler;
    private volatile boolean stopping;
    /** Seen by one tick after the other. */
    private volatile boolean wentBack;

    RunDispatch(
            RunExecutor executor,
            Rush rush,
            RunAbandonment abandonment,
            DebtSweep debts,
            RunStore runs,
            ControlStore store,
            EngineConfig config,
            Clock clock) {
        this.executor = executor;
        this.rush = rush;
        this.abandonment = abandonment;
        this.debts = debts;
        this.runs = runs;
        this.config = config;
        this.clock = clock;
        this.watch = new ClockWatch(clock, System::nanoTime);
        this.signs = new Signs(config.heartbeatInterval().multipliedBy(2), System::nanoTime);
        this.server = ServerName.ofThisProcess();
        this.scheduler = Scheduler.create(store.pool(), runTask())
                .startTasks(sweeper(), debtSweeper())
                .schedulerName(new SchedulerName.Fixed(server))
                .tableName("caretaker.scheduled_task")
                .clock(clock::instant)
                .threads(config.parallelRuns() + 2)
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("run-", 0).factory()))
                .pollingInterval(config.pollInterval())
                .heartbeatInterval(config.heartbeatInterval())
                .missedHeartbeatsLimit(config.missedHeartbeats())
                .pollUsingLockAndFetch(0.5, 1.0)
                .shutdownMaxWait(SHUTDOWN_LIMIT)
                .enableImmediateExecution()
                .addSchedulerListener(new AbstractSchedulerListener() {
                    @Override
                    public void onSchedulerEvent(SchedulerEventType type) {
                        if (type == SchedulerEventType.UNEXPECTED_ERROR
                                || type == SchedulerEventType.FAILED_HEARTBEAT) {
                            store.probe(); // most often the store is away, which is told there, once
                        }
                    }
                })
                .build();
    }

    @EventListener
    void start(StartupEvent started) {
        scheduler.start();
    }

    /** Current batches are finished or rolled back, statements broken off, leases given up. */
    @PreDestroy
    void stop() {
        stopping = true;
        scheduler.stop();
    }

    /** Has a server look at a run that was stored just now: after a rush, for which the sweeper stands in if this server dies. */
    void bringNew(UUID runId) {
        rush.after(() -> bring(runId));
    }

    /** Has a server look at the run now. */
    void bring(UUID runId) {
        try {
            schedule(task(runId));
        } catch (RuntimeException e) {
            LOG.warn("run {} cannot be brought to a server now, the sweeper will do it: {}", runId, e.toString());
        }
    }

    private void schedule(TaskInstance<Void> task) {
        if (scheduler.scheduleIfNotExists(task, clock.instant())) {
            return;
        }
        try {
            scheduler.reschedule(task, clock.instant());
        } catch (TaskInstanceException e) {
            LOG.debug("run {} is being worked on, or just was: it finds out by itself", task.getId());
        }
    }

    private static TaskInstance<Void> task(UUID runId) {
        return new TaskInstance<>(TASK, runId.toString());
    }

    private CustomTask<Void> runTask() {
        return Tasks.custom(TASK, Void.class)
                .onFailure(this::failed)
                .onDeadExecution(this::silent)
                .execute((task, context) -> {
                    UUID runId = UUID.fromString(task.getId());
                    rush.letPass();
                    Then then = executor.execute(runId, server, () -> stopping);
                    return completion(runId, then);
                });
    }

    /** Not even a step could be worked on. Perhaps another server can; in the end nobody is left to hope for. */
    private void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        UUID runId = UUID.fromString(complete.getExecution().taskInstance.getId());
        int failures = complete.getExecution().consecutiveFailures;
        boolean over = failures >= config.retries()
                && abandonment.abandon(runId, complete.getCause().orElseThrow());
        if (over) {
            operations.remove();
        } else {
            operations.reschedule(complete, clock.instant().plus(Retries.wait(config.retryBackoff(), failures)));
        }
    }

    /**
     * By the clock nobody has said for long that he works on it. db-scheduler would give it to others at once, and at the time of the
     * machine, which may be wrong.
     */
    private void silent(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        Execution task = complete.getExecution();
        if (signs.isSilent(task.taskInstance.getTaskAndInstance(), task.lastHeartbeat)) {
            operations.reschedule(complete, clock.instant());
        }
    }

    /** db-scheduler waits by the clock: when that goes back, for as much longer. So all that waits is looked at. */
    @Scheduled(fixedDelay = "1s")
    void watchClock() {
        if (watch.leapt().compareTo(BACK) < 0) {
            wentBack = true;
        }
        if (!wentBack) {
            return;
        }
        try {
            runs.wakeTasks(clock.instant());
            scheduler.triggerCheckForDueExecutions();
            wentBack = false;
        } catch (CaretakerException e) {
            LOG.debug("what waits is woken later: {}", e.getMessage());
        }
    }

    private CompletionHandler<Void> completion(UUID runId, Then then) {
        return (complete, operations) -> {
            switch (then) {
                case Then.Leave ignored -> leave(runId, operations);
                case Then.ComeBack comeBack -> comeBack(complete, operations, comeBack.at());
                case Then.HandsOff ignored -> LOG.debug("run {} has another task now", runId);
            }
        };
    }

    private void comeBack(ExecutionComplete complete, ExecutionOperations<Void> operations, Instant at) {
        operations.reschedule(complete, at);
    }

    /**
     * Somebody may have asked for the run while its task was still there and could not be scheduled again; and the run that
     * started it may wait for its end.
     */
    private void leave(UUID runId, ExecutionOperations<Void> operations) {
        operations.remove();
        if (runs.isWithoutTask(runId, TASK, clock.instant())) {
            bring(runId);
        }
        runs.openParent(runId).ifPresent(this::bring);
    }

    private RecurringTask<Void> sweeper() {
        return Tasks.recurring("sweep-runs", FixedDelay.of(config.sweepInterval()))
                .onDeadExecution(this::silent)
                .execute((task, context) ->
                        runs.withoutTask(TASK, clock.instant()).forEach(this::bring));
    }

    private RecurringTask<Void> debtSweeper() {
        return Tasks.recurring("settle-debts", FixedDelay.of(config.sweepInterval()))
                .onDeadExecution(this::silent)
                .execute((task, context) -> debts.sweep(() -> stopping));
    }
}
