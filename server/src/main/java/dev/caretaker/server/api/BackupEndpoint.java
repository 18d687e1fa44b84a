package dev.caretaker.server.api;

import com.google.protobuf.StringValue;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.BackupReader;
import dev.caretaker.server.api.mapping.BackupWriter;
import dev.caretaker.server.api.mapping.Fitting;
import dev.caretaker.server.api.mapping.ListPlace;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Backups;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.ReturnOrder;
import dev.caretaker.server.backup.VerifyOrder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.DeleteBackupResponse;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.GetBackupHealthResponse;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.GetBackupResponse;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.PinBackupResponse;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.PreviewRestoreResponse;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RecordExternalBackupResponse;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.RestoreBackupResponse;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Makes, verifies, restores, shows, pins and deletes backups. A run has an id that follows from its request's. */
@Singleton
final class BackupEndpoint extends BackupServiceGrpc.BackupServiceImplBase {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final Backups backups;
    private final Runs runs;
    private final Commands commands;
    private final EventStreams events;
    private final BackupHealthCalls health;

    BackupEndpoint(Backups backups, Runs runs, Commands commands, EventStreams events, BackupHealthCalls health) {
        this.backups = backups;
        this.runs = runs;
        this.commands = commands;
        this.events = events;
        this.health = health;
    }

    @Override
    public void getBackupHealth(GetBackupHealthRequest request, StreamObserver<GetBackupHealthResponse> observer) {
        health.getBackupHealth(request, observer);
    }

    @Override
    public void recordExternalBackup(
            RecordExternalBackupRequest request, StreamObserver<RecordExternalBackupResponse> observer) {
        health.recordExternalBackup(request, observer);
    }

    @Override
    public void runBackup(RunBackupRequest request, StreamObserver<RunBackupResponse> observer) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            UUID id = runId("backup", request.getRequestId());
            Function<Actor, BackupOrder> order = BackupReader.order(violations, request, id);
            return new Command<>(
                    "",
                    Map.of("target", request.getTarget()),
                    actor -> id(backups.run(order.apply(actor))),
                    () -> runs.find(id).map(BackupEndpoint::id),
                    this::told);
        });
        events.watch(
                UUID.fromString(runId.getValue()),
                1,
                observer,
                event -> RunBackupResponse.newBuilder().setEvent(event).build());
    }

    @Override
    public void verifyBackup(VerifyBackupRequest request, StreamObserver<VerifyBackupResponse> observer) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            UUID id = runId("verification", request.getRequestId());
            Function<Actor, VerifyOrder> order = BackupReader.verify(violations, request);
            return new Command<>(
                    "",
                    Map.of("backup_id", request.getBackupId()),
                    actor -> id(backups.verify(id, order.apply(actor))),
                    () -> runs.find(id).map(BackupEndpoint::id),
                    this::told);
        });
        events.watch(
                UUID.fromString(runId.getValue()),
                1,
                observer,
                event -> VerifyBackupResponse.newBuilder().setEvent(event).build());
    }

    @Override
    public void restoreBackup(RestoreBackupRequest request, StreamObserver<RestoreBackupResponse> observer) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            UUID id = runId("return", request.getRequestId());
            Function<Actor, ReturnOrder> order = BackupReader.restore(violations, request);
            return new Command<>(
                    "",
                    Map.of("backup_id", request.getBackupId()),
                    actor -> id(backups.restore(id, order.apply(actor))),
                    () -> runs.find(id).map(BackupEndpoint::id),
                    this::told);
        });
        events.watch(
                UUID.fromString(runId.getValue()),
                1,
                observer,
                event -> RestoreBackupResponse.newBuilder().setEvent(event).build());
    }

    private static StringValue id(RunView run) {
        return StringValue.of(run.id().toString());
    }

    private Map<String, String> told(StringValue run) {
        return Map.of("target", runs.get(UUID.fromString(run.getValue())).target(), "run_id", run.getValue());
    }

    /** A request id that is none is refused before. */
    private static UUID runId(String what, String requestId) {
        return UUID.nameUUIDFromBytes(
                (what + " of request " + requestId.toLowerCase(Locale.ROOT)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void listBackups(ListBackupsRequest request, StreamObserver<ListBackupsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        ListPlace after =
                at.after().flatMap(token -> ListPlace.read(violations, token)).orElse(ListPlace.BEGIN);
        List<BackupRow> found = violations.checked(() ->
                backups.list(request.getTarget(), request.getIncludeAll(), after.created(), after.id(), at.size() + 1));
        List<Backup> page = Fitting.first(1, found.stream().limit(at.size()).map(BackupWriter::write));
        Optional<String> next =
                page.size() < found.size() ? Optional.of(token(found.get(page.size() - 1))) : Optional.empty();
        Replies.send(
                observer,
                ListBackupsResponse.newBuilder()
                        .addAllBackups(page)
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    private static String token(BackupRow last) {
        return new ListPlace(last.created(), last.id()).token();
    }

    @Override
    public void getBackup(GetBackupRequest request, StreamObserver<GetBackupResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("backup_id", request.getBackupId());
        BackupRow row = violations.checked(() -> backups.get(id));
        Replies.send(
                observer,
                GetBackupResponse.newBuilder()
                        .setBackup(BackupWriter.withEarlier(whole(row), backups.verifications(id)))
                        .build());
    }

    /** One that is damaged is shown as that, and not kept from those who want to know what it was. */
    private Backup whole(BackupRow row) {
        if (row.state() != BackupRow.State.STORED) {
            return BackupWriter.write(row);
        }
        try {
            return BackupWriter.write(row, backups.manifest(row));
        } catch (CaretakerException e) {
            if (e.reason() != Reason.BACKUP_DAMAGED) {
                throw e;
            }
            return BackupWriter.write(row).toBuilder()
                    .setProblem(e.getMessage())
                    .build();
        }
    }

    @Override
    public void previewRestore(PreviewRestoreRequest request, StreamObserver<PreviewRestoreResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("backup_id", request.getBackupId());
        String target = violations.required("target", request.getTarget());
        RestorePart part = BackupReader.part(violations, request.getSchemasList(), request.getTablesList());
        Replies.send(
                observer,
                BackupWriter.write(
                        violations.checked(() -> backups.preview(id, target, part, request.getAllowNotEmpty()))));
    }

    @Override
    public void deleteBackup(DeleteBackupRequest request, StreamObserver<DeleteBackupResponse> observer) {
        Replies.send(observer, commands.execute(request, DeleteBackupResponse.parser(), violations -> {
            UUID id = violations.uuid("backup_id", request.getBackupId());
            return new Command<>(
                    "",
                    Map.of("backup_id", request.getBackupId(), "force", Boolean.toString(request.getForce())),
                    actor -> deleted(backups.delete(id, request.getForce(), actor)),
                    () -> Optional.of(deleted(backups.get(id))),
                    answer -> Map.of("target", answer.getBackup().getTarget()));
        }));
    }

    private static DeleteBackupResponse deleted(BackupRow backup) {
        return DeleteBackupResponse.newBuilder()
                .setBackup(BackupWriter.write(backup))
                .build();
    }

    @Override
    public void pinBackup(PinBackupRequest request, StreamObserver<PinBackupResponse> observer) {
        Replies.send(observer, commands.execute(request, PinBackupResponse.parser(), violations -> {
            UUID id = violations.uuid("backup_id", request.getBackupId());
            boolean pin = !request.getUnpin();
            String reason = pin ? violations.required("reason", request.getReason()) : "";
            return new Command<>(
                    "",
                    Map.of("backup_id", request.getBackupId(), "unpin", Boolean.toString(request.getUnpin())),
                    actor -> pinned(backups.pin(id, pin ? Optional.of(actor) : Optional.empty(), reason)),
                    () -> Optional.of(pinned(backups.get(id))),
                    answer -> Map.of("target", answer.getBackup().getTarget()));
        }));
    }

    private static PinBackupResponse pinned(BackupRow backup) {
        return PinBackupResponse.newBuilder()
                .setBackup(BackupWriter.write(backup))
                .build();
    }
}
