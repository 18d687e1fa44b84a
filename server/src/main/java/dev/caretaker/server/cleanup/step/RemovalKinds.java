package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Leavings;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** The kinds of step that delete rows in place. */
@Factory
public final class RemovalKinds {
    public static final String INDEX_RANGE = "index-range";
    public static final String BLOCK_RANGE = "block-range";
    public static final String ROW_LIST = "row-list";

    private final Leavings leavings;
    private final RestoredGuard restored;

    public RemovalKinds(Leavings leavings, RestoredGuard restored) {
        this.leavings = leavings;
        this.restored = restored;
    }

    @Singleton
    @Named(INDEX_RANGE)
    public StepKind<RowRemoval> indexRange() {
        return new Kind(INDEX_RANGE, IndexRange::new, leavings, restored);
    }

    @Singleton
    @Named(BLOCK_RANGE)
    public StepKind<RowRemoval> blockRange() {
        return new Kind(BLOCK_RANGE, BlockRange::new, leavings, restored);
    }

    @Singleton
    @Named(ROW_LIST)
    public StepKind<RowRemoval> rowList() {
        return new Kind(ROW_LIST, RowList::new, leavings, restored);
    }

    private record Kind(String name, TableWalk.Maker walks, Leavings leavings, RestoredGuard restored)
            implements StepKind<RowRemoval> {
        @Override
        public Class<RowRemoval> parameterType() {
            return RowRemoval.class;
        }

        @Override
        public Step open(RowRemoval parameters, StepContext context) {
            return new RemovalStep(parameters, context, walks, leavings, restored);
        }
    }
}
