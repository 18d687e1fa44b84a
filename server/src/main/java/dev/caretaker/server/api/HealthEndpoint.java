package dev.caretaker.server.api;

import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.GetHealthResponse;
import dev.caretaker.v1.HealthServiceGrpc;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;

/** Tells whether a target is well. */
@Singleton
final class HealthEndpoint extends HealthServiceGrpc.HealthServiceImplBase {
    private final Targets targets;
    private final TargetHealth health;

    HealthEndpoint(Targets targets, TargetHealth health) {
        this.targets = targets;
        this.health = health;
    }

    @Override
    public void getHealth(GetHealthRequest request, StreamObserver<GetHealthResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        Target target = violations.checked(() -> targets.get(request.getTarget()));
        Replies.send(
                observer,
                GetHealthResponse.newBuilder().setHealth(health.of(target)).build());
    }
}
