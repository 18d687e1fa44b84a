package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.execute.TuningOptions;
import dev.caretaker.cli.watch.RunView;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.Tuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker runs tune RUN}. */
@Command(name = "tune", description = "Change settings of a run while it works. What is not named stays as it is.")
public final class TuneRun implements Runnable {
    private final Session session;

    @Mixin
    private RunArgument run;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private ReasonOption why;

    @Mixin
    private MutationOptions mutation;

    public TuneRun(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Tuning wanted = tuning.toProto();
        if (wanted.equals(Tuning.getDefaultInstance())) {
            throw CommandFailure.usage("name at least one setting to change; 'caretaker runs tune --help' lists them");
        }
        TuneRunRequest request = TuneRunRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setRunId(run.resolve(session))
                .setTuning(wanted)
                .setReason(why.reason())
                .build();
        Run tuned = session.connection().runs().tuneRun(request).getRun();
        session.printer()
                .one(tuned, page -> RunView.show(tuned, session.environment().clock(), session.names(), page));
    }
}
