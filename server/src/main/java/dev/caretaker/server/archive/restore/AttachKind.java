package dev.caretaker.server.archive.restore;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Singleton;

/** Makes a restored table a partition. */
@Singleton
public final class AttachKind implements StepKind<AttachWork> {
    static final String NAME = "restore-attach";

    private final RunStore runs;

    AttachKind(RunStore runs) {
        this.runs = runs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<AttachWork> parameterType() {
        return AttachWork.class;
    }

    /** Of a default partition, if there is one. */
    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Step open(AttachWork work, StepContext context) {
        return new AttachStep(work, context, runs);
    }
}
