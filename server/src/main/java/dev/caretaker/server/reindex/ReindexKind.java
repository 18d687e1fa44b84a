package dev.caretaker.server.reindex;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.IndexRebuildStore;
import jakarta.inject.Singleton;

/** REINDEX INDEX CONCURRENTLY of one index. */
@Singleton
public final class ReindexKind implements StepKind<ReindexRequest> {
    private final IndexRebuildStore rebuilds;

    ReindexKind(IndexRebuildStore rebuilds) {
        this.rebuilds = rebuilds;
    }

    @Override
    public String name() {
        return ReindexRequest.STEP_KIND;
    }

    @Override
    public Class<ReindexRequest> parameterType() {
        return ReindexRequest.class;
    }

    /** It waits for old snapshots, and keeps VACUUM from the table meanwhile. */
    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Step open(ReindexRequest parameters, StepContext context) {
        return new ReindexStep(parameters, context, rebuilds);
    }
}
