package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Debt;
import java.util.List;

/** What runs have left at targets, a sentence each. */
public final class DebtLines {
    private DebtLines() {}

    /** At the end of a run. */
    static void left(List<Debt> debts, Page page) {
        if (debts.isEmpty()) {
            return;
        }
        debts.forEach(debt -> page.paragraph("", Style.CAREFUL, "Left for now: " + debt.getMessage()));
        page.paragraph(
                "",
                Style.DIM,
                "A server settles it as soon as that is possible: caretaker runs debts --target "
                        + debts.get(0).getTarget());
    }

    /** Of one run. */
    static void show(List<Debt> debts, Page page) {
        for (Debt debt : debts) {
            String answer = debt.getAnswer().isEmpty() ? "" : " " + debt.getAnswer();
            String standing = debt.hasSettleTime() ? "settled " + Human.instant(debt.getSettleTime()) : "open";
            page.paragraph(
                    "  ",
                    debt.hasSettleTime() ? Style.PLAIN : Style.CAREFUL,
                    standing + ": " + debt.getMessage() + answer);
        }
    }
}
