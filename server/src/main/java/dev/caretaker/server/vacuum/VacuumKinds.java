package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** The kinds of steps that vacuum: one class does them all, and the name tells people which it is. */
@Factory
final class VacuumKinds {
    @Singleton
    StepKind<VacuumRequest> vacuum() {
        return new Kind(Verb.VACUUM.stepKind());
    }

    @Singleton
    StepKind<VacuumRequest> analyze() {
        return new Kind(Verb.ANALYZE.stepKind());
    }

    @Singleton
    StepKind<VacuumRequest> full() {
        return new Kind(Verb.FULL.stepKind());
    }

    @Singleton
    StepKind<VacuumRequest> repack() {
        return new Kind(Verb.REPACK.stepKind());
    }

    private record Kind(String name) implements StepKind<VacuumRequest> {
        @Override
        public Class<VacuumRequest> parameterType() {
            return VacuumRequest.class;
        }

        @Override
        public boolean excludesReaders() {
            return name.equals(Verb.FULL.stepKind()) || name.equals(Verb.REPACK.stepKind());
        }

        @Override
        public Step open(VacuumRequest parameters, StepContext context) {
            return new VacuumStep(parameters, context);
        }
    }
}
