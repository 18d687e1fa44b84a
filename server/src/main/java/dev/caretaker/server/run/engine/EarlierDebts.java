package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.DebtKind.Settled;
import dev.caretaker.server.run.DebtKind.Settlement;
import dev.caretaker.server.run.DebtKind.StillOpen;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.store.DebtRow;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Before a run works on tables it settles what earlier runs left there, and tells what came of it. */
final class EarlierDebts {
    /** Of one of them: the run has other things to do, and what takes longer is settled beside it. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Engine engine;
    private final RunRow run;
    private final Lease lease;

    EarlierDebts(Engine engine, RunRow run, Lease lease) {
        this.engine = engine;
        this.run = run;
        this.lease = lease;
    }

    /** A target that is away is met by the steps, too: they know what to do then. */
    void settle(List<StepRow> steps) {
        try {
            settleOn(touched(steps));
        } catch (CaretakerException e) {
            if (e.reason() != Reason.TARGET_UNREACHABLE) {
                throw e;
            }
        }
    }

    private static Set<TableName> touched(List<StepRow> steps) {
        Set<TableName> touched = new HashSet<>();
        for (StepRow step : steps) {
            touched.add(step.relation());
            touched.add(step.table());
        }
        return touched;
    }

    private void settleOn(Set<TableName> touched) {
        for (DebtRow debt : engine.debts().open(Optional.of(run.target()))) {
            boolean other = !debt.runId().equals(run.id());
            if (other && (touched.contains(debt.table()) || touched.contains(debt.object()))) {
                engine.settling().settleNow(debt, LONGEST).ifPresent(settlement -> tell(debt, settlement));
            }
        }
    }

    private void tell(DebtRow debt, Settlement settlement) {
        String code = settlement instanceof Settled ? "DEBT_SETTLED" : "DEBT_OPEN";
        String answer = switch (settlement) {
            case Settled settled -> settled.how();
            case StillOpen open -> open.why();
        };
        lease.event(new RunEvent.Warning(
                code,
                "Run " + debt.runId() + " left something: " + debt.message() + " " + answer,
                0,
                Map.of("run", debt.runId().toString(), "object", debt.object().toString())));
    }
}
