package dev.caretaker.server.api;

import dev.caretaker.server.api.mapping.GrowthReader;
import dev.caretaker.server.api.mapping.GrowthWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.report.growth.GrowthHistory;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.GetGrowthResponse;
import dev.caretaker.v1.GrowthServiceGrpc;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Tells how targets grow. */
@Singleton
final class GrowthEndpoint extends GrowthServiceGrpc.GrowthServiceImplBase {
    private final Targets targets;
    private final GrowthHistory history;
    private final Clock clock;

    GrowthEndpoint(Targets targets, GrowthHistory history, Clock clock) {
        this.targets = targets;
        this.history = history;
        this.clock = clock;
    }

    @Override
    public void getGrowth(GetGrowthRequest request, StreamObserver<GetGrowthResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        Duration window = GrowthReader.window(violations, request);
        Optional<TableName> table = GrowthReader.table(violations, request);
        Target target = violations.checked(() -> targets.get(request.getTarget()));
        Replies.send(
                observer,
                GetGrowthResponse.newBuilder()
                        .setGrowth(GrowthWriter.write(
                                history.of(target.name(), clock.instant().minus(window), table)))
                        .build());
    }
}
