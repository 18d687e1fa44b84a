package dev.caretaker.server.archive.restore;

import dev.caretaker.server.archive.ArchiveFiles;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.ArchiveStore;
import jakarta.inject.Singleton;

/** Loads rows of an archive. */
@Singleton
public final class RestoreKind implements StepKind<RestoreWork> {
    static final String NAME = "restore-rows";

    private final ArchiveStore store;
    private final ArchiveFiles files;

    RestoreKind(ArchiveStore store, ArchiveFiles files) {
        this.store = store;
        this.files = files;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<RestoreWork> parameterType() {
        return RestoreWork.class;
    }

    @Override
    public Step open(RestoreWork work, StepContext context) {
        return new RestoreStep(work, context, store, files);
    }
}
