package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.run.VacuumRequest;
import jakarta.inject.Singleton;

/** VACUUM (ANALYZE) of one relation. */
@Singleton
public final class VacuumKind implements StepKind<VacuumRequest> {
    @Override
    public String name() {
        return VacuumRequest.STEP_KIND;
    }

    @Override
    public Class<VacuumRequest> parameterType() {
        return VacuumRequest.class;
    }

    @Override
    public Step open(VacuumRequest parameters, StepContext context) {
        return new VacuumStep(parameters, context);
    }
}
