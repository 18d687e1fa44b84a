package dev.caretaker.server.cleanup.leave;

import java.util.Optional;

/** Makes the {@link Leaving} of a step from what its plan froze. */
public final class Leavings {
    private static final Leaving PLAIN = new PlainLeaving();

    private Leavings() {}

    /** @param relation whose rows are deleted */
    public static Leaving of(Optional<Keeper> keeper, long relation) {
        return keeper.map(what -> of(what, relation)).orElse(PLAIN);
    }

    private static Leaving of(Keeper keeper, long relation) {
        return switch (keeper) {
            case Keeper.Table table -> new IntoTable(table, relation);
            case Keeper.RollUp rollUp -> new IntoRollUp(rollUp, relation);
        };
    }
}
