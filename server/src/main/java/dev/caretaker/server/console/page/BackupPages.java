package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Problem;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupHealth;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.VerifyBackupRequest;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Backups: their list, and one with its proof; it may be proven anew, and pinned. */
@Singleton
final class BackupPages implements Pages {
    private static final int PAGE = 50;
    /** Other tools are asked what they have; nobody waits for them longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public void add(Routes routes) {
        routes.get("/backups", this::list);
        routes.get("/backups/{backup}", this::show);
        routes.post("/backups/{backup}/verify", this::verify);
        routes.post("/backups/{backup}/pin", this::pin);
    }

    private Reply list(Request request) {
        Api api = request.api();
        KeptFilter filter =
                new KeptFilter(request.query("target"), request.query("all").equals("1"));
        ListBackupsResponse answer = api.backups()
                .listBackups(ListBackupsRequest.newBuilder()
                        .setTarget(filter.target())
                        .setIncludeAll(filter.all())
                        .setPageSize(PAGE)
                        .setPageToken(request.query("page"))
                        .build());
        List<String> targets = Targets.names(api);
        Optional<BackupHealth> health = Optional.empty();
        String unknown = "";
        if (request.query("page").isEmpty() && (!filter.target().isEmpty() || targets.size() == 1)) {
            try {
                health = Optional.of(health(api, filter.target().isEmpty() ? targets.getFirst() : filter.target()));
            } catch (StatusRuntimeException e) {
                unknown = unknown(e);
            }
        }
        return request.page(
                Section.BACKUPS,
                "Backups",
                "backups.jte",
                new BackupsView(filter, targets, health, unknown, answer.getBackupsList(), answer.getNextPageToken()));
    }

    private static BackupHealth health(Api api, String target) {
        return api.backups()
                .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .getBackupHealth(
                        GetBackupHealthRequest.newBuilder().setTarget(target).build())
                .getHealth();
    }

    /** A tool may think for long; what it said is told the next time. */
    private static String unknown(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case DEADLINE_EXCEEDED ->
                "Other tools have not told yet what backups they have. Load the page again in a moment.";
            case NOT_FOUND -> ""; // of a target that was taken out of the configuration some may be left
            case UNAUTHENTICATED -> throw e;
            default -> Problem.of(e).message();
        };
    }

    private Reply show(Request request) {
        Backup backup = request.api()
                .backups()
                .getBackup(GetBackupRequest.newBuilder()
                        .setBackupId(request.variable("backup"))
                        .build())
                .getBackup();
        return request.page(
                Section.BACKUPS,
                "Backup of " + backup.getTarget(),
                "backup.jte",
                new BackupView(
                        backup,
                        ListPart.of(request, "/backups/" + backup.getBackupId(), backup.getContentsList()),
                        Targets.names(request.api())));
    }

    private Reply verify(Request request) {
        VerifyBackupRequest verify = VerifyBackupRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setBackupId(request.variable("backup"))
                .setScratchTarget(request.field("scratch"))
                .setAllowSameServer(request.isChecked("same-server"))
                .build();
        String run = Api.first(() -> request.api().backups().verifyBackup(verify))
                .getEvent()
                .getRunId();
        return Reply.seeOther("/runs/" + run);
    }

    private Reply pin(Request request) {
        boolean unpin = request.isChecked("unpin");
        request.api()
                .backups()
                .pinBackup(PinBackupRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setBackupId(request.variable("backup"))
                        .setUnpin(unpin)
                        .setReason(request.field("reason"))
                        .build());
        Notice notice = unpin ? Notice.UNPINNED : Notice.PINNED;
        return Reply.seeOther("/backups/" + request.variable("backup") + "?done=" + notice.word());
    }
}
