package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** The kinds of steps of a conversion. */
@Factory
public final class ConversionKinds {
    public static final String CONVERT = "convert-table";
    public static final String REVERT = "revert-conversion";

    @Singleton
    StepKind<ConversionParameters> conversion(Progress progress) {
        return new Kind(CONVERT) {
            @Override
            public Step open(ConversionParameters parameters, StepContext context) {
                return new ConversionStep(parameters, context, progress);
            }
        };
    }

    @Singleton
    StepKind<ConversionParameters> reversion(Progress progress) {
        return new Kind(REVERT) {
            @Override
            public Step open(ConversionParameters parameters, StepContext context) {
                return new ReversionStep(parameters, context, progress);
            }
        };
    }

    private abstract static class Kind implements StepKind<ConversionParameters> {
        private final String name;

        Kind(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean excludesReaders() {
            return true;
        }

        @Override
        public Class<ConversionParameters> parameterType() {
            return ConversionParameters.class;
        }
    }
}
