package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.watch.RunView;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker runs show RUN}. */
@Command(name = "show", description = "Show where a run stands, who asked for what, and every step.")
public final class ShowRun implements Runnable {
    private final Session session;

    @Mixin
    private RunArgument run;

    public ShowRun(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        GetRunRequest request =
                GetRunRequest.newBuilder().setRunId(run.resolve(session)).build();
        Run found = session.connection().runs().getRun(request).getRun();
        session.printer()
                .one(found, page -> RunView.show(found, session.environment().clock(), session.names(), page));
    }
}
