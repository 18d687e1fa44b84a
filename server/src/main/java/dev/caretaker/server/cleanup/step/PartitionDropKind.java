package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Detaching and dropping a partition as a whole. */
@Singleton
public final class PartitionDropKind implements StepKind<PartitionDrop> {
    public static final String NAME = "drop-partition";

    private final RestoredGuard restored;

    @Inject
    public PartitionDropKind(RestoredGuard restored) {
        this.restored = restored;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<PartitionDrop> parameterType() {
        return PartitionDrop.class;
    }

    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Step open(PartitionDrop parameters, StepContext context) {
        return new PartitionDropStep(parameters, context, restored);
    }
}
