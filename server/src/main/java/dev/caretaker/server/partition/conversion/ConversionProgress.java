package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.step.ConversionParameters;
import dev.caretaker.server.partition.conversion.step.Progress;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.SetChange;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.ConversionRow;
import dev.caretaker.server.store.ConversionRow.State;
import dev.caretaker.server.store.ConversionStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps a conversion's state, and its partition set, true to what its steps find. */
@Singleton
final class ConversionProgress implements Progress {
    private final ConversionStore store;
    private final PartitionSets sets;

    ConversionProgress(ConversionStore store, PartitionSets sets) {
        this.store = store;
        this.sets = sets;
    }

    @Override
    public boolean isRequested(ConversionParameters conversion) {
        return store.find(conversion.conversionId())
                .map(ConversionRow::requested)
                .orElse(false);
    }

    @Override
    public String converted(ConversionParameters parameters, StepContext context) {
        Conversion conversion = find(parameters);
        store.move(conversion.id(), State.CONVERTED);
        String done = "Partitioned: all rows so far are its partition "
                + conversion.order().legacy() + ", below " + conversion.order().boundary() + ".";
        try {
            sets.apply(List.of(new SetChange(conversion.set(), Optional.empty())), conversion.createdBy(), false);
            return done + " Partition set " + conversion.set().name() + " looks after it.";
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE || e.reason() == Reason.TARGET_UNREACHABLE) {
                throw e;
            }
            context.warn(
                    "PARTITION_SET_NOT_APPLIED",
                    "The table is partitioned, but its set was not stored: " + e.getMessage(),
                    Map.of("set", conversion.set().name()));
            return done;
        }
    }

    @Override
    public String reverted(ConversionParameters parameters, StepContext context) {
        Conversion conversion = find(parameters);
        try {
            if (sets.get(conversion.set().name())
                    .set()
                    .table()
                    .equals(conversion.set().table())) {
                sets.delete(conversion.set().name(), Optional.empty(), conversion.createdBy());
            }
        } catch (CaretakerException e) {
            if (e.reason() != Reason.PARTITION_SET_NOT_FOUND) {
                throw e;
            }
        }
        store.move(parameters.conversionId(), State.REVERTED);
        return "The table is what it was before the conversion.";
    }

    private Conversion find(ConversionParameters parameters) {
        return store.find(parameters.conversionId())
                .map(ConversionBook::read)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.CONVERSION_NOT_FOUND, "The conversion " + parameters.conversionId() + " is gone."));
    }
}
