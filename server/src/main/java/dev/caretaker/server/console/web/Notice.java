package dev.caretaker.server.console.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a page says at its top after something was done. Addresses name it by a word, so that none of them can make a page say something else. */
public enum Notice {
    APPLIED("The policy is stored."),
    DELETED("It is deleted. What it started goes on."),
    PAUSED("The run is asked to pause. It does after its current batch or statement."),
    RESUMED("The run is asked to go on."),
    CANCELLED("The run is asked to stop."),
    TUNED("The settings hold from the next batch on."),
    SCHEDULE_PAUSED("The schedule is paused. What it started goes on."),
    SCHEDULE_RESUMED("The schedule fires again, and its failures are forgotten."),
    TRIGGERED("It is asked for; as a rule it starts within a second. Below is what became of it."),
    CUT_OVER_ASKED("The cut-over is asked for; its run does it as soon as it can."),
    PINNED("The backup is pinned: it is not deleted while it is."),
    UNPINNED("The backup may be deleted again."),
    HELD("The hold is in force."),
    RELEASED("The hold is released."),
    MUTED("The finding is muted."),
    UNMUTED("The finding is shown again.");

    private final String sentence;

    Notice(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    /** For an address: {@code Links.to("/runs/…", "done", Notice.PAUSED.word())}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Notice> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }
}
