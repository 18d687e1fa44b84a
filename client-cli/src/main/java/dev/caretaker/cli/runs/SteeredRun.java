package dev.caretaker.cli.runs;

import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;

/** What to say after a run was asked for something: what it is asked to do, and where it still stands. */
final class SteeredRun {
    private SteeredRun() {}

    static String describe(Run run) {
        String state = run.getOutcome() == RunOutcome.RUN_OUTCOME_UNSPECIFIED
                ? Names.state(run.getState())
                : Names.words(run.getOutcome(), "RUN_OUTCOME_");
        return "Run " + run.getRunId() + " is asked to be " + Names.words(run.getDesiredState(), "DESIRED_STATE_")
                + "; now it is " + state + ".";
    }
}
