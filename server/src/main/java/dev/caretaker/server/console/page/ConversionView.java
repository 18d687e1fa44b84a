package dev.caretaker.server.console.page;

import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.ConversionState;
import java.util.List;
import java.util.Set;

/** A conversion, and what may be asked of it. */
public record ConversionView(Conversion conversion) {
    private static final Set<ConversionState> STARTABLE =
            Set.of(ConversionState.CONVERSION_STATE_PLANNED, ConversionState.CONVERSION_STATE_BROKEN_OFF);
    private static final Set<ConversionState> UNDER_WAY =
            Set.of(ConversionState.CONVERSION_STATE_STARTED, ConversionState.CONVERSION_STATE_WAITING);
    private static final Set<ConversionState> REVERTIBLE =
            Set.of(ConversionState.CONVERSION_STATE_CONVERTED, ConversionState.CONVERSION_STATE_BROKEN_OFF);

    /** Whether nothing stands in the way that was not accepted. */
    public boolean mayStart() {
        return STARTABLE.contains(conversion.getState())
                && conversion.getObstaclesList().stream().allMatch(ConversionObstacle::getAccepted);
    }

    /** Losses that would have to be accepted before it may be started. */
    public List<ConversionLoss> toAccept() {
        return conversion.getState() == ConversionState.CONVERSION_STATE_PLANNED
                ? ConversionForm.open(conversion)
                : List.of();
    }

    public boolean isUnderWay() {
        return UNDER_WAY.contains(conversion.getState());
    }

    public boolean mayComplete() {
        return isUnderWay() && !conversion.getRequested();
    }

    public boolean mayRevert() {
        return REVERTIBLE.contains(conversion.getState());
    }
}
