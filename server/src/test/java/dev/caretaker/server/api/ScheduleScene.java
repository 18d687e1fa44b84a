package dev.caretaker.server.api;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledCleanup;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.TriggerScheduleRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A server with schedules: a target "main", the same again behind a wire that can be cut ("far"), and slowly ("slow"). */
final class ScheduleScene implements AutoCloseable {
    final Database store = TestPostgres.controlStore();
    final Database target = TestPostgres.newest().database();
    final TcpProxy wire = new TcpProxy(target.server().host(), target.server().port());
    final WholeServer server;

    ScheduleScene(Map<String, Object> more) {
        target.execute("CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)", "CREATE INDEX ON jobs (ended)");
        Map<String, Object> properties = new HashMap<>(Map.of(
                "caretaker.control-store.url", store.url(),
                "caretaker.targets.far.url", wire.url(target.name()),
                "caretaker.targets.far.user", target.user(),
                "caretaker.targets.far.password", target.password(),
                "caretaker.targets.slow.url", target.url(),
                "caretaker.targets.slow.user", target.user(),
                "caretaker.targets.slow.password", target.password(),
                "caretaker.targets.slow.tuning.max-rows-per-second", "20"));
        properties.putAll(more);
        server = WholeServer.start(target, properties);
    }

    /** VACUUM of a small table every second at "main". */
    static Schedule.Builder ticking(String name) {
        return vacuum(name, "main").setEvery(seconds(1));
    }

    /** The same, hardly ever due by itself. */
    static Schedule.Builder vacuum(String name, String at) {
        return Schedule.newBuilder()
                .setName(name)
                .setTarget(at)
                .setEvery(seconds(366 * 86_400))
                .setWork(ScheduledWork.newBuilder()
                        .setVacuum(ScheduledVacuum.newBuilder()
                                .addTables(TableName.newBuilder().setName("jobs"))));
    }

    /** Cleanup by one policy, hardly ever due by itself. */
    static Schedule.Builder cleanup(String name, String at, String policy) {
        return vacuum(name, at)
                .setWork(ScheduledWork.newBuilder()
                        .setCleanup(ScheduledCleanup.newBuilder().addPolicies(policy)));
    }

    static Policy.Builder policy(String name, String at, String table) {
        return Policy.newBuilder()
                .setName(name)
                .setTarget(at)
                .setTable(TableName.newBuilder().setName(table))
                .setTimeColumn(
                        TimeColumn.newBuilder().setName("ended").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(Retention.newBuilder().setDuration(seconds(86_400)))
                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                .setFollowUp(FollowUp.FOLLOW_UP_NEVER);
    }

    void apply(Policy.Builder policy) {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(policy)
                        .build());
    }

    void apply(PartitionSet.Builder set) {
        server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build());
    }

    Schedule apply(Schedule.Builder schedule, ExclusionCalendar... calendars) {
        return server.schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .addSchedules(schedule)
                        .addAllCalendars(List.of(calendars))
                        .build())
                .getSchedules(0)
                .getSchedule();
    }

    /** Asks for a fire out of turn and waits until something became of it. */
    Fire trigger(String schedule) {
        return trigger(schedule, false);
    }

    Fire trigger(String schedule, boolean ignoreWindow) {
        Fire asked = ask(schedule, ignoreWindow);
        return until(
                schedule,
                fire -> fire.getNominalTime().equals(asked.getNominalTime())
                        && fire.getOutcome() != FireOutcome.FIRE_OUTCOME_WAITING);
    }

    Fire ask(String schedule, boolean ignoreWindow) {
        return server.schedules()
                .triggerSchedule(TriggerScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setName(schedule)
                        .setIgnoreWindow(ignoreWindow)
                        .build())
                .getFires(0);
    }

    /** Newest first. */
    List<Fire> fires(String schedule) {
        return server.schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .setSchedule(schedule)
                        .setPageSize(1_000)
                        .build())
                .getFiresList();
    }

    Fire until(String schedule, FireOutcome outcome) {
        return until(schedule, fire -> fire.getOutcome() == outcome);
    }

    /** The newest fire of that kind, as soon as there is one. */
    Fire until(String schedule, Predicate<Fire> wanted) {
        return await("a fire of " + schedule)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> fires(schedule).stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    Run run(String id) {
        return server.runs()
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }

    static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    static String id() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        wire.close();
    }
}
