package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.archive.ArchiveBook;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.RetiredStore;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The kinds of steps that change partitions. */
@Factory
public final class UpkeepKinds {
    public static final String CREATE = "create-partition";
    public static final String ADOPT = "adopt-default-partition";
    public static final String RETIRE = "detach-partition";
    public static final String ARCHIVE = "archive-retired-partition";
    public static final String DROP = "drop-retired-partition";
    public static final String REATTACH = "reattach-partition";

    /** Not CREATE and ADOPT, which look whether the default partition is read: without one they are in nobody's way. */
    private static final Set<String> EXCLUDING = Set.of(RETIRE, DROP, REATTACH);

    @Singleton
    StepKind<PartitionCreation> creation() {
        return new Kind<>(CREATE, PartitionCreation.class, CreationStep::new);
    }

    @Singleton
    StepKind<DefaultAdoption> adoption() {
        return new Kind<>(ADOPT, DefaultAdoption.class, DefaultAdoptionStep::new);
    }

    @Singleton
    StepKind<PartitionRetirement> retirement(RetiredStore retired) {
        return new Kind<>(
                RETIRE, PartitionRetirement.class, (order, context) -> new RetirementStep(order, context, retired));
    }

    @Singleton
    StepKind<RetiredArchive> archive(RetiredStore retired, Archives archives, ArchiveBook book) {
        return new Kind<>(
                ARCHIVE,
                RetiredArchive.class,
                (order, context) -> new RetiredArchiveStep(order, context, retired, archives, book));
    }

    @Singleton
    StepKind<RetiredDrop> drop(RetiredStore retired, ArchiveProof proof) {
        return new Kind<>(
                DROP,
                RetiredDrop.class,
                (order, context) -> new RetiredDropStep(
                        order, context, retired, order.archived() ? Optional.of(proof) : Optional.empty()));
    }

    @Singleton
    StepKind<RetiredReattachment> reattachment(RetiredStore retired) {
        return new Kind<>(
                REATTACH, RetiredReattachment.class, (order, context) -> new ReattachmentStep(order, context, retired));
    }

    private record Kind<P extends Record>(String name, Class<P> parameterType, BiFunction<P, StepContext, Step> opener)
            implements StepKind<P> {
        @Override
        public boolean goesOnUnderHold() {
            return name.equals(CREATE);
        }

        @Override
        public boolean excludesReaders() {
            return EXCLUDING.contains(name);
        }

        @Override
        public Step open(P parameters, StepContext context) {
            return opener.apply(parameters, context);
        }
    }
}
