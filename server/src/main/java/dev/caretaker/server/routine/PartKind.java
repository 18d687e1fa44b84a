package dev.caretaker.server.routine;

import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;

/** One part of a routine. The engine knows its kinds before there are runs to start; hence the providers. */
@Singleton
public final class PartKind implements StepKind<PartRequest> {
    private final Provider<PartWork> work;
    private final Provider<Runs> runs;

    PartKind(Provider<PartWork> work, Provider<Runs> runs) {
        this.work = work;
        this.runs = runs;
    }

    @Override
    public String name() {
        return PartRequest.STEP_KIND;
    }

    @Override
    public Class<PartRequest> parameterType() {
        return PartRequest.class;
    }

    /** Its parts see to it themselves: that which makes partitions goes on. */
    @Override
    public boolean goesOnUnderHold() {
        return true;
    }

    @Override
    public Step open(PartRequest parameters, StepContext context) {
        return new PartStep(parameters, context, work.get(), runs.get());
    }
}
