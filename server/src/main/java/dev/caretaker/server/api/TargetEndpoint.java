package dev.caretaker.server.api;

import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.TableNames;
import dev.caretaker.server.api.mapping.TargetWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.TableStanding;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.CheckTargetResponse;
import dev.caretaker.v1.GetTableRequest;
import dev.caretaker.v1.GetTableResponse;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Tells which databases are looked after and whether they can be. */
@Singleton
final class TargetEndpoint extends TargetServiceGrpc.TargetServiceImplBase {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final Targets targets;
    private final TargetDiagnosis diagnosis;

    TargetEndpoint(Targets targets, TargetDiagnosis diagnosis) {
        this.targets = targets;
        this.diagnosis = diagnosis;
    }

    @Override
    public void listTargets(ListTargetsRequest request, StreamObserver<ListTargetsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        violations.check();
        List<Target> rest = targets.all().stream()
                .filter(target -> at.after().isEmpty()
                        || target.name().compareTo(at.after().get()) > 0)
                .toList();
        List<Target> page = rest.stream().limit(at.size()).toList();
        Optional<String> last =
                rest.size() > page.size() ? Optional.of(page.getLast().name()) : Optional.empty();
        Replies.send(
                observer,
                ListTargetsResponse.newBuilder()
                        .addAllTargets(page.stream().map(TargetWriter::write).toList())
                        .setNextPageToken(paging.next(last))
                        .build());
    }

    @Override
    public void checkTarget(CheckTargetRequest request, StreamObserver<CheckTargetResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        Target target = violations.checked(() -> targets.get(request.getTarget()));
        Replies.send(
                observer,
                CheckTargetResponse.newBuilder().setCheck(diagnosis.of(target)).build());
    }

    @Override
    public void getTable(GetTableRequest request, StreamObserver<GetTableResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        TableName table = TableNames.read(violations, "table", request.hasTable(), request.getTable());
        Target target = violations.checked(() -> targets.get(request.getTarget()));
        Replies.send(
                observer,
                GetTableResponse.newBuilder()
                        .setTable(TargetWriter.write(TableStanding.read(target, table)))
                        .build());
    }
}
