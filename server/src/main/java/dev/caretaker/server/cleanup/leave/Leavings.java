package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.run.StepContext;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Makes the {@link Leaving} of a step from what its plan froze. */
@Singleton
public final class Leavings {
    private static final long NONE = 0;
    private static final Leaving PLAIN = new PlainLeaving();

    private final Optional<Archives> archives;

    /** @param archives empty if no rows leave to files */
    public Leavings(Optional<Archives> archives) {
        this.archives = archives;
    }

    /** @param relation whose rows are deleted */
    public Leaving of(Optional<Keeper> keeper, long relation, StepContext context) {
        return keeper.map(what -> of(what, relation, NONE, context)).orElse(PLAIN);
    }

    /**
     * The same of rows that go with others through foreign keys.
     *
     * @param through relation of the others
     */
    public Leaving of(Keeper keeper, long relation, long through, StepContext context) {
        return switch (keeper) {
            case Keeper.Table table -> new IntoTable(table, relation);
            case Keeper.RollUp rollUp -> new IntoRollUp(rollUp, relation);
            case Keeper.Store store -> new IntoStore(store, relation, through, context, archives.orElseThrow());
            case Keeper.Both both ->
                new Together(
                        of(both.whole(), relation, through, context), of(both.figures(), relation, through, context));
        };
    }
}
