package dev.caretaker.cli.convert;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.partitions.sets.GridText;
import dev.caretaker.cli.policies.file.WindowText;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.ConversionPhase;
import dev.caretaker.v1.ConversionPhaseKind;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.PlannedLock;
import java.util.List;
import java.util.stream.Collectors;

/** A conversion for people. */
final class ConversionView {
    private final Conversion conversion;
    private final Page page;

    ConversionView(Conversion conversion, Page page) {
        this.conversion = conversion;
        this.page = page;
    }

    /**
     * All of it: what it does, with locks and statements, what stands in the way, how to undo it, what to do next.
     *
     * @param brief without statements, and without what was accepted
     */
    void show(boolean brief) {
        head();
        if (brief) {
            overview();
        } else {
            phases();
        }
        obstacles(brief);
        next();
    }

    private void overview() {
        Table table = new Table("PHASE", ">STATEMENTS", "THE FIRST LOCK");
        for (ConversionPhase phase : conversion.getPhasesList()) {
            table.row(
                    words(phase.getKind()),
                    Integer.toString(phase.getSqlCount()),
                    phase.getLocksList().stream()
                            .findFirst()
                            .map(lock -> lock.getMode() + ": " + lock.getDuration())
                            .orElse(""));
        }
        page.blank().table(table);
    }

    private void phases() {
        int number = 0;
        boolean back = false;
        for (ConversionPhase phase : conversion.getPhasesList()) {
            if (!back && isWayBack(phase)) {
                back = true;
                undo();
            }
            number++;
            phase(number, phase);
        }
    }

    void head() {
        page.line(
                Style.BOLD,
                "Conversion of " + Names.table(conversion.getTable()) + " at target " + conversion.getTarget());
        page.pair("id", conversion.getConversionId());
        page.pair("state", state());
        page.pair(
                "cut by",
                conversion.getKeyColumn() + ", each "
                        + GridText.describe(conversion.getSet().getGrid()));
        page.pair(
                "old rows",
                "stay where they are, in partition " + Names.table(conversion.getLegacy()) + " below "
                        + conversion.getBoundary());
        page.pair(
                "new rows",
                conversion.getPartitionsList().stream().map(Names::table).collect(Collectors.joining(", ")));
        page.pair("cut-over", cutOver() + (conversion.getRequested() ? "; it was asked for" : ""));
        page.pair("set", conversion.getSet().getName() + ", stored by the cut-over");
        page.pair("run", conversion.getRunId());
    }

    private String state() {
        String state = Names.words(conversion.getState(), "CONVERSION_STATE_");
        return switch (conversion.getState()) {
            case CONVERSION_STATE_PLANNED ->
                state + ", may be started until " + Human.instant(conversion.getExpireTime());
            case CONVERSION_STATE_EXPIRED -> state + " at " + Human.instant(conversion.getExpireTime());
            default -> conversion.getStateReason().isEmpty() ? state : state + ": " + conversion.getStateReason();
        };
    }

    private String cutOver() {
        return switch (conversion.getCutOver()) {
            case CUT_OVER_ON_REQUEST -> "on request";
            case CUT_OVER_IN_WINDOW -> "daily " + WindowText.describe(conversion.getWindow()) + ", or on request";
            default -> "as soon as all is ready";
        };
    }

    private static boolean isWayBack(ConversionPhase phase) {
        return phase.getKind() == ConversionPhaseKind.CONVERSION_PHASE_KIND_REVERT
                || phase.getKind() == ConversionPhaseKind.CONVERSION_PHASE_KIND_REVALIDATE;
    }

    private void undo() {
        page.heading("How to undo");
        page.paragraph(
                "  ",
                Style.PLAIN,
                "caretaker convert revert " + conversion.getConversionId()
                        + " makes the table what it was, as long as at most 10,000 rows, which it brings along, lie at or"
                        + " above " + conversion.getBoundary()
                        + ". Before the cut-over it only drops what was prepared.");
    }

    private void phase(int number, ConversionPhase phase) {
        page.heading(number + ". " + words(phase.getKind()));
        for (PlannedLock lock : phase.getLocksList()) {
            page.paragraph("  ", Style.DIM, lock(lock));
        }
        int statements = phase.getSqlCount();
        if (statements > 1) {
            page.line(
                    Style.DIM,
                    "  " + statements + " statements, "
                            + (phase.getAtomic() ? "in one transaction" : "each by itself"));
        }
        phase.getSqlList().forEach(sql -> page.code("  ", sql + ";"));
    }

    private static String lock(PlannedLock lock) {
        return lock.hasRelation()
                ? lock.getMode() + " on " + Names.table(lock.getRelation()) + ": " + lock.getDuration()
                : lock.getMode() + " " + lock.getDuration();
    }

    private static String words(ConversionPhaseKind kind) {
        return switch (kind) {
            case CONVERSION_PHASE_KIND_INDEXES -> "Build unique indexes with the partition key, concurrently";
            case CONVERSION_PHASE_KIND_BOUND ->
                "Bound the table: rows from the boundary on are refused until the cut-over";
            case CONVERSION_PHASE_KIND_VALIDATE -> "Validate the bound while everybody works";
            case CONVERSION_PHASE_KIND_PARENT -> "Prepare the partitioned table, empty, under another name";
            case CONVERSION_PHASE_KIND_CUT_OVER -> "Cut over";
            case CONVERSION_PHASE_KIND_ANALYZE -> "Gather statistics of the partitioned table";
            case CONVERSION_PHASE_KIND_REVERT -> "The way back";
            case CONVERSION_PHASE_KIND_REVALIDATE -> "Validate what came back unchecked";
            case CONVERSION_PHASE_KIND_UNSPECIFIED, UNRECOGNIZED -> "A phase that this client does not know";
        };
    }

    private void obstacles(boolean brief) {
        List<ConversionObstacle> told = conversion.getObstaclesList().stream()
                .filter(obstacle -> !(brief && obstacle.getAccepted()))
                .collect(Collectors.toList());
        if (told.isEmpty()) {
            return;
        }
        page.heading("What stands in the way");
        for (ConversionObstacle obstacle : told) {
            String loss = Names.code(obstacle.getLoss(), "CONVERSION_LOSS_");
            boolean mayBe = obstacle.getLoss() != ConversionLoss.CONVERSION_LOSS_UNSPECIFIED;
            String title = obstacle.getAccepted()
                    ? loss + ", accepted"
                    : mayBe ? loss + ": blocks, unless --accept " + loss : "Blocks";
            page.paragraph("  ", obstacle.getAccepted() ? Style.CAREFUL : Style.BAD, title);
            page.paragraph("    ", Style.PLAIN, obstacle.getMessage());
        }
    }

    private void next() {
        boolean blocked = !conversion.getObstaclesList().stream().allMatch(ConversionObstacle::getAccepted);
        String id = conversion.getConversionId();
        boolean waits = (conversion.getCutOver() == CutOver.CUT_OVER_ON_REQUEST
                        || conversion.getCutOver() == CutOver.CUT_OVER_IN_WINDOW)
                && !conversion.getRequested();
        switch (conversion.getState()) {
            case CONVERSION_STATE_PLANNED ->
                page.blank()
                        .line(
                                blocked ? Style.BAD : Style.GOOD,
                                blocked
                                        ? "It cannot be started: something stands in the way."
                                        : "Next: caretaker convert start " + id);
            case CONVERSION_STATE_EXPIRED -> page.blank().line("It cannot be started any more: plan it again.");
            case CONVERSION_STATE_BROKEN_OFF ->
                page.blank()
                        .line(Style.BAD, "It was left half-way. The table is a plain one and takes all rows. Next:")
                        .line("  caretaker convert start " + id + "     goes on")
                        .line("  caretaker convert revert " + id + "    takes away what was prepared");
            case CONVERSION_STATE_STARTED, CONVERSION_STATE_WAITING -> {
                if (waits) {
                    page.blank().line("Next: caretaker convert complete " + id);
                }
            }
            default -> {}
        }
    }
}
