package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.Tuning;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Policies that keep rows older than a day by their column {@code at}, and their archives, through the API of a server. */
final class KeepingCalls {
    private final WholeServer server;

    KeepingCalls(WholeServer server) {
        this.server = server;
    }

    static Policy.Builder policy(String table, ArchiveTo.Builder to) {
        return Policy.newBuilder()
                .setName(table.replace('_', '-'))
                .setTarget("main")
                .setTable(name(table))
                .setTimeColumn(
                        TimeColumn.newBuilder().setName("at").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(86_400)))
                .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(to);
    }

    static ArchiveTo.Builder at(String destination) {
        return ArchiveTo.newBuilder().setStore(ArchiveStore.newBuilder().setDestination(destination));
    }

    static TableName name(String name) {
        return TableName.newBuilder().setSchema("public").setName(name).build();
    }

    static String id() {
        return UUID.randomUUID().toString();
    }

    Plan plan(Policy.Builder policy) {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(policy)
                        .build());
        return server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(policy.getName())
                        .setExact(true)
                        .build())
                .getPlan();
    }

    /** To the end of the run, whichever it is. */
    RunFinished execute(Plan plan) {
        return execute(plan, Tuning.getDefaultInstance(), event -> {});
    }

    /** @param seen gets each event as it comes */
    RunFinished execute(Plan plan, Tuning tuning, Consumer<RunEvent> seen) {
        ExecuteCleanupRequest.Builder request = ExecuteCleanupRequest.newBuilder()
                .setRequestId(id())
                .setPlanId(plan.getPlanId())
                .setTuning(tuning);
        plan.getWarningsList().stream()
                .filter(PlanWarning::getBlocking)
                .map(PlanWarning::getCode)
                .filter(code -> code == PlanWarningCode.PLAN_WARNING_CODE_LARGE_SHARE)
                .forEach(request::addOverrideWarnings);
        Iterator<ExecuteCleanupResponse> events = server.maintenance().executeCleanup(request.build());
        RunFinished finished = RunFinished.getDefaultInstance();
        while (events.hasNext()) {
            RunEvent event = events.next().getEvent();
            seen.accept(event);
            finished = event.getFinished();
        }
        return finished;
    }

    RunFinished complete(Plan plan) {
        return complete(execute(plan));
    }

    List<Archive> archivesOf(String table) {
        return server.archives()
                .listArchives(
                        ListArchivesRequest.newBuilder().setTable(name(table)).build())
                .getArchivesList();
    }

    RunFinished restore(RestoreArchiveRequest.Builder request) {
        Iterator<RestoreArchiveResponse> events =
                server.archives().restoreArchive(request.setRequestId(id()).build());
        RunFinished finished = RunFinished.getDefaultInstance();
        while (events.hasNext()) {
            finished = events.next().getEvent().getFinished();
        }
        return complete(finished);
    }

    private static RunFinished complete(RunFinished finished) {
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        return finished;
    }
}
