package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.DebtView;
import dev.caretaker.v1.Debt;

/** Writes what runs have left as messages. */
public final class DebtWriter {
    private DebtWriter() {}

    public static Debt write(DebtView debt) {
        Debt.Builder message = Debt.newBuilder()
                .setDebtId(debt.id().toString())
                .setKind(debt.kind())
                .setTarget(debt.target())
                .setRunId(debt.runId().toString())
                .setStep(debt.step())
                .setObject(Names.write(debt.object()))
                .setTable(Names.write(debt.table()))
                .setMessage(debt.message())
                .setIncurTime(Times.write(debt.incurred()))
                .setAttempts(debt.attempts())
                .setAnswer(debt.answer());
        if (debt.settled().isPresent()) {
            message.setSettleTime(Times.write(debt.settled().get()));
        } else if (debt.attempts() > 0) {
            message.setNextAttemptTime(Times.write(debt.nextTry()));
        }
        return message.build();
    }
}
