package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import picocli.CommandLine.Mixin;

/** Asks something of a run, and says why. */
abstract class Steering implements Runnable {
    private final Session session;

    @Mixin
    private RunArgument run;

    @Mixin
    private ReasonOption why;

    @Mixin
    private MutationOptions mutation;

    Steering(Session session) {
        this.session = session;
    }

    /** What every kind of request says. */
    record Wish(String requestId, String actor, String runId, String reason) {}

    abstract Run ask(RunServiceBlockingStub runs, Wish wish);

    @Override
    public final void run() {
        Wish wish = new Wish(
                mutation.requestId(), mutation.actor(session.environment()), run.resolve(session), why.reason());
        Run asked = ask(session.connection().runs(), wish);
        session.printer().one(asked, page -> page.line(answer(asked)));
    }

    /** What it is asked for, and where it still stands. */
    private static String answer(Run run) {
        return "Run " + run.getRunId() + " is asked to be " + Names.words(run.getDesiredState(), "DESIRED_STATE_")
                + "; now it is " + Names.standing(run) + ".";
    }
}
