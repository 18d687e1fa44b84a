package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.step.ConversionParameters;
import dev.caretaker.server.partition.conversion.step.Progress;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
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
    public boolean isReady(ConversionParameters conversion) {
        return store.find(conversion.conversionId()).map(ConversionRow::ready).orElse(false);
    }

    @Override
    public void ready(ConversionParameters conversion, boolean ready) {
        store.ready(conversion.conversionId(), ready);
    }

    @Override
    public String converted(ConversionParameters parameters, StepContext context) {
        ConversionContent conversion = find(parameters);
        PartitionSet set = conversion.set();
        store.move(parameters.conversionId(), State.CONVERTED);
        String done = "Partitioned: all rows so far are its partition "
                + parameters.order().legacy() + ", below " + parameters.order().boundary() + ".";
        Optional<PartitionSet> other = stored(set.name()).filter(kept -> !isOf(kept, set));
        if (other.isPresent()) {
            notApplied(context, set, "table " + other.get().table() + " has a set of that name by now");
            return done;
        }
        try {
            sets.apply(List.of(new SetChange(set, Optional.empty())), conversion.actor(), false);
            return done + " Partition set " + set.name() + " looks after it.";
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE || e.reason() == Reason.TARGET_UNREACHABLE) {
                throw e;
            }
            notApplied(context, set, e.getMessage());
            return done;
        }
    }

    private static void notApplied(StepContext context, PartitionSet set, String why) {
        context.warn(
                "PARTITION_SET_NOT_APPLIED",
                "The table is partitioned, but its set was not stored: " + why,
                Map.of("set", set.name()));
    }

    @Override
    public void plainAgain(ConversionParameters conversion) {
        store.move(conversion.conversionId(), State.STARTED);
    }

    @Override
    public String reverted(ConversionParameters parameters, StepContext context) {
        ConversionContent conversion = find(parameters);
        PartitionSet set = conversion.set();
        if (stored(set.name()).filter(kept -> isOf(kept, set)).isPresent()) {
            sets.delete(set.name(), Optional.empty(), conversion.actor());
        }
        store.move(parameters.conversionId(), State.REVERTED);
        return "The table is what it was before the conversion.";
    }

    private Optional<PartitionSet> stored(String name) {
        try {
            return Optional.of(sets.get(name).set());
        } catch (CaretakerException e) {
            if (e.reason() == Reason.PARTITION_SET_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isOf(PartitionSet kept, PartitionSet set) {
        return kept.target().equals(set.target()) && kept.table().equals(set.table());
    }

    private ConversionContent find(ConversionParameters parameters) {
        return store.find(parameters.conversionId())
                .map(ConversionContent::of)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.CONVERSION_NOT_FOUND, "The conversion " + parameters.conversionId() + " is gone."));
    }
}
