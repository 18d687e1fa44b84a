package dev.caretaker.cli.health;

import dev.caretaker.cli.holds.HoldText;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Page.Span;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthReasonCode;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.WorkDone;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verdict first, then why, then what was done and goes on. */
final class HealthView {
    /** Width of the longest verdict. */
    private static final int VERDICT = 9;

    private HealthView() {}

    static void show(Health health, Page page) {
        TargetCheck check = health.getCheck();
        page.pair("target", health.getTarget());
        page.pair("verdict", words(health.getVerdict()), style(health.getVerdict()));
        page.pair("server", server(check));
        page.pair("size", check.getDatabaseBytes() == 0 ? "" : Human.bytes(check.getDatabaseBytes()));
        page.pair("findings", findings(health));
        HealthFiguresView.pairs(health.getFigures(), page);
        page.pair("last backup", backup(health));
        page.pair("looked at", Human.instant(health.getLookTime()));
        if (health.getReasonsCount() > 0) {
            page.heading("Why");
            health.getReasonsList().forEach(reason -> reason(reason, page));
            further(health, page);
        }
        HealthFiguresView.tables(health.getFigures(), page);
        if (health.getWorkCount() > 0) {
            page.heading("Latest work");
            page.table(work(health), "  ");
        }
        if (health.getOpenRunsCount() > 0) {
            page.heading("Runs that have not ended");
            page.table(open(health), "  ");
        }
        if (health.getHoldsCount() > 0) {
            page.heading("On hold");
            page.table(holds(health), "  ");
        }
        if (health.getDebtsCount() > 0) {
            page.heading("Left by runs");
            health.getDebtsList().forEach(debt -> debt(debt, page));
        }
    }

    private static Table holds(Health health) {
        Table table = new Table("HOLD", "KINDS", "END", "BY", "REASON");
        for (Hold hold : health.getHoldsList()) {
            table.row(
                    hold.getHoldId(),
                    HoldText.kinds(hold),
                    HoldText.end(hold),
                    Names.actor(hold.getSetBy()),
                    hold.getReason());
        }
        return table;
    }

    /** What may not stay, since when, and what came of the latest attempt to settle it. */
    private static void debt(Debt debt, Page page) {
        page.paragraph("  ", Style.CAREFUL, debt.getMessage());
        String attempts = debt.getAttempts() == 0
                ? ""
                : "; " + Human.count(debt.getAttempts()) + (debt.getAttempts() == 1 ? " attempt" : " attempts") + ": "
                        + debt.getAnswer();
        page.paragraph(
                "    ",
                Style.DIM,
                debt.getKind() + " since " + Human.instant(debt.getIncurTime()) + " by run " + debt.getRunId()
                        + attempts);
    }

    private static String server(TargetCheck check) {
        if (check.getServerVersion().isEmpty()) {
            return "not reached";
        }
        return "PostgreSQL " + check.getServerVersion() + (check.getInRecovery() ? ", a standby" : ", the primary");
    }

    private static String findings(Health health) {
        String bad = Stream.of(
                        count(health.getCriticalFindings(), "critical"),
                        count(health.getWarningFindings(), health.getWarningFindings() == 1 ? "warning" : "warnings"),
                        count(health.getInfoFindings(), "info"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return bad.isEmpty() && !health.getCheck().getServerVersion().isEmpty() ? "none" : bad;
    }

    private static String backup(Health health) {
        if (!health.hasLastBackup()) {
            return "none known";
        }
        String proven = health.hasLastVerifiedBackup()
                ? health.getLastVerifiedBackup()
                                .getId()
                                .equals(health.getLastBackup().getId())
                        ? ", proven"
                        : "; the latest proven one "
                                + Human.duration(health.getLastVerifiedBackup().getAge()) + " old"
                : "; none was ever proven";
        return Human.duration(health.getLastBackup().getAge()) + " old, by "
                + health.getLastBackup().getMaker() + proven;
    }

    private static String count(int number, String what) {
        return number == 0 ? "" : number + " " + what;
    }

    private static void reason(HealthReason reason, Page page) {
        Style style = style(reason.getVerdict());
        page.hanging(
                new Span(style, "  " + Text.pad(words(reason.getVerdict()), VERDICT, false) + "  "),
                Style.PLAIN,
                reason.getMessage());
        if (!reason.getId().isEmpty()) {
            page.hanging(
                    new Span(Style.PLAIN, " ".repeat(VERDICT + 4)), Style.DIM, kind(reason) + " " + reason.getId());
        }
    }

    private static String kind(HealthReason reason) {
        return switch (reason.getCode()) {
            case HEALTH_REASON_CODE_FINDING -> "finding";
            case HEALTH_REASON_CODE_CHECK_BLIND -> "check";
            case HEALTH_REASON_CODE_RUN_ENDED_BADLY, HEALTH_REASON_CODE_RUN_WAITS_FOR_PERSON -> "run";
            case HEALTH_REASON_CODE_ON_HOLD -> "hold";
            case HEALTH_REASON_CODE_TARGET_PROBLEM, HEALTH_REASON_CODE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    /** Findings beyond those that are told. */
    private static void further(Health health, Page page) {
        long told = health.getReasonsList().stream()
                .filter(reason -> reason.getCode() == HealthReasonCode.HEALTH_REASON_CODE_FINDING)
                .count();
        long more = health.getCriticalFindings() + health.getWarningFindings() - told;
        if (more > 0) {
            page.paragraph(
                    "  ",
                    Style.DIM,
                    Human.count(more) + (more == 1 ? " further finding: " : " further findings: ")
                            + "'caretaker issues --target " + health.getTarget() + "' lists them.");
        }
    }

    private static Table work(Health health) {
        Table table = new Table("WORK", "LATEST", "ENDED AS", "LATEST COMPLETE");
        for (WorkDone work : health.getWorkList()) {
            table.row(
                    Names.words(work.getKind(), "RUN_KIND_"),
                    Human.instant(work.getLatest().getEndTime()),
                    Names.standing(work.getLatest()),
                    work.hasLatestComplete()
                            ? Human.instant(work.getLatestComplete().getEndTime())
                            : "");
        }
        return table;
    }

    private static Table open(Health health) {
        Table table = new Table("RUN", "KIND", "STATE", "REASON");
        List.copyOf(health.getOpenRunsList())
                .forEach(run -> table.row(
                        run.getRunId(),
                        Names.words(run.getKind(), "RUN_KIND_"),
                        Names.standing(run),
                        run.getStateReason()));
        return table;
    }

    private static String words(HealthVerdict verdict) {
        return Names.words(verdict, "HEALTH_VERDICT_");
    }

    private static Style style(HealthVerdict verdict) {
        return switch (verdict) {
            case HEALTH_VERDICT_GOOD -> Style.GOOD;
            case HEALTH_VERDICT_ATTENTION -> Style.CAREFUL;
            case HEALTH_VERDICT_CRITICAL -> Style.BAD;
            case HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED -> Style.PLAIN;
        };
    }
}
