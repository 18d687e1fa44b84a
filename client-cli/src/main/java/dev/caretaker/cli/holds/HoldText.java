package dev.caretaker.cli.holds;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Hold;

/** What a hold is in a few words. */
public final class HoldText {
    private HoldText() {}

    /** {@code everything at shop}, {@code vacuum, reindex at all targets}. */
    static String scope(Hold hold) {
        return kinds(hold) + " at " + (hold.getTarget().isEmpty() ? "all targets" : hold.getTarget());
    }

    /** {@code everything}, or the kinds of work. */
    public static String kinds(Hold hold) {
        return hold.getKindsCount() == 0
                ? "everything"
                : String.join(
                        ", ",
                        hold.getKindsList().stream()
                                .map(kind -> Names.words(kind, "RUN_KIND_"))
                                .toList());
    }

    /** {@code until 2026-12-27 06:00:00Z}, {@code until it is released}. */
    public static String end(Hold hold) {
        if (hold.hasReleaseTime()) {
            return "released " + Human.instant(hold.getReleaseTime()) + " by " + Names.actor(hold.getReleasedBy());
        }
        return "until " + (hold.hasEndTime() ? Human.instant(hold.getEndTime()) : "it is released");
    }
}
