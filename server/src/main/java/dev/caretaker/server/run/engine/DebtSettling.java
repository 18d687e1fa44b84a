package dev.caretaker.server.run.engine;

import dev.caretaker.server.config.EngineConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.DebtKind.Settled;
import dev.caretaker.server.run.DebtKind.Settlement;
import dev.caretaker.server.run.DebtKind.StillOpen;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.DebtRow;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.target.BackupLocks;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles what ended runs left at targets, one debt at a time: whoever claims it in the control store and gets its fence at
 * the target. A server that dies meanwhile leaves both free again.
 */
@Singleton
final class DebtSettling {
    private static final Logger LOG = LoggerFactory.getLogger(DebtSettling.class);
    /** Not the run's name: its sessions are orphans here and are terminated. */
    private static final String SESSION = "caretaker/debts";
    /** A claim outlasts an attempt of any allowed length. */
    private static final Duration CLAIM = Duration.ofMinutes(2);

    private static final Set<Reason> AWAY = Set.of(Reason.TARGET_UNREACHABLE, Reason.CONTROL_STORE_UNREACHABLE);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final DebtStore debts;
    private final RunStore runs;
    private final DebtKinds kinds;
    private final Targets targets;
    private final EngineConfig config;
    private final Clock clock;

    DebtSettling(DebtStore debts, RunStore runs, DebtKinds kinds, Targets targets, EngineConfig config, Clock clock) {
        this.debts = debts;
        this.runs = runs;
        this.kinds = kinds;
        this.targets = targets;
        this.config = config;
        this.clock = clock;
    }

    /** Tries one that is due at a target; false if there is none, or if the target is away. */
    boolean settleOneDue(String target, Duration longest) {
        Instant now = clock.instant();
        return debts.claim(target, now, now.plus(CLAIM))
                .map(debt -> attempt(debt, longest))
                .orElse(false);
    }

    /**
     * Tries this one, due or not, whatever the window of its run: whoever asks works on its table now.
     *
     * @return what came of it; empty if somebody else looks after it
     * @throws CaretakerException TARGET_UNREACHABLE, CONTROL_STORE_UNREACHABLE
     */
    Optional<Settlement> settleNow(DebtRow debt, Duration longest) {
        Optional<DebtRow> claimed = debts.claim(debt, clock.instant().plus(CLAIM));
        if (claimed.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(answered(claimed.get(), settled(claimed.get(), longest)));
        } catch (CaretakerException e) {
            Settlement open = answered(claimed.get(), new StillOpen(e.getMessage()));
            if (AWAY.contains(e.reason())) {
                throw e;
            }
            return Optional.of(open);
        }
    }

    private boolean attempt(DebtRow debt, Duration longest) {
        Optional<RunWindow> closed = window(debt).filter(window -> !window.isOpen(clock.instant()));
        if (closed.isPresent()) {
            Instant now = clock.instant();
            String waits = "Waits: " + closed.get().closedUntil(now) + ".";
            debts.answer(debt, waits, closed.get().nextOpening(now), Optional.empty());
            return true;
        }
        try {
            answered(debt, settled(debt, longest));
            return true;
        } catch (CaretakerException e) {
            if (e.reason() != Reason.TARGET_UNREACHABLE) {
                answered(debt, new StillOpen(e.getMessage()));
                return true;
            }
            Instant soon = clock.instant().plus(config.sweepInterval());
            debts.answer(debt, e.getMessage(), soon, Optional.empty());
            debts.putOff(debt.target(), soon);
            return false;
        }
    }

    private Settlement settled(DebtRow debt, Duration longest) {
        Target target = targets.get(debt.target());
        try (Session session = target.openSession(SESSION)) {
            Optional<String> holder = new Fence(session, StepScope.sessionName(debt.runId())).take(debt.fencedOid());
            if (holder.isPresent()) {
                return new StillOpen(holder.get());
            }
            if (kinds.require(debt.kind()).excludesReaders() && BackupLocks.isBackedUp(session, debt.fencedOid())) {
                return new StillOpen("Waits for a backup that reads it, and keeps its locks until it ends.");
            }
            target.actForOwner(session, debt.fencedOid());
            return kinds.settle(session, debt, longest);
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw PostgresErrors.translate(debt.target(), e);
            }
            return new StillOpen(PostgresErrors.whole(e));
        }
    }

    private Settlement answered(DebtRow debt, Settlement settlement) {
        Instant now = clock.instant();
        switch (settlement) {
            case Settled settled -> {
                debts.answer(debt, settled.how(), now, Optional.of(now));
                LOG.info("run {}: what it left is settled: {}", debt.runId(), settled.how());
            }
            case StillOpen open -> {
                debts.answer(debt, open.why(), now.plus(pause(debt.attempts())), Optional.empty());
                LOG.debug("run {}: {} is still open: {}", debt.runId(), debt.kind(), open.why());
            }
        }
        return settlement;
    }

    /** Doubles with every attempt. */
    private Duration pause(long attempts) {
        Duration doubled = config.sweepInterval().multipliedBy(1L << Math.min(attempts - 1, 10));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    /** Empty once the run is forgotten. */
    private Optional<RunWindow> window(DebtRow debt) {
        return runs.find(debt.runId()).flatMap(RunRow::window).map(json -> Json.read(json, RunWindow.class));
    }
}
