package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.http.Looks;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.Tuning;
import dev.caretaker.v1.Value;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real server with metrics and health over real HTTP, at a target where there is something to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MonitoringScene {
    static final int LOOKS = 40;
    static final double DAY = 86_400;
    /** A value of a filter that would be a line of its own if it were not escaped. */
    static final String ODD = "done\"} 1\ncaretaker_forged{of=\"\\";

    static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../docs");

    final HttpClient http = HttpClient.newHttpClient();
    final Database store = TestPostgres.controlStore();
    final Database target = TestPostgres.newest().database();
    final TcpProxy storeWire =
            new TcpProxy(store.server().host(), store.server().port());
    final TcpProxy targetWire =
            new TcpProxy(target.server().host(), target.server().port());
    Scene scene;

    /** What the test works with. */
    record Scene(WholeServer server, String base) {}

    @BeforeAll
    void work(@TempDir Path folder) {
        YearMonth month = YearMonth.now(ZoneOffset.UTC);
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT g, now() - interval '3 days' FROM generate_series(1, 20000) g",
                "CREATE TABLE late (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO late VALUES (1, now() - interval '5 days')",
                "CREATE TABLE states (id int PRIMARY KEY, ended timestamptz, status text)",
                "INSERT INTO states SELECT g, now() - interval '30 hours', CASE WHEN g <= 30 THEN '" + ODD
                        + "' ELSE 's' || g END" + " FROM generate_series(1, 40) g",
                "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "CREATE TABLE events_now PARTITION OF events FOR VALUES FROM ('%s-01 00:00+00') TO ('%s-01 00:00+00')"
                        .formatted(month, month.plusMonths(2)),
                "INSERT INTO events SELECT now() + interval '2 years' FROM generate_series(1, 7)",
                "ANALYZE");
        WholeServer server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.http.port", 0,
                        "caretaker.notifications.channels.book.type", "file",
                        "caretaker.notifications.channels.book.path",
                                folder.resolve("book.jsonl").toString(),
                        "caretaker.notifications.channels.lost.type", "file",
                        "caretaker.notifications.channels.lost.path",
                                folder.resolve("nowhere/lost.jsonl").toString(),
                        "caretaker.control-store.url", storeWire.url(store.name()),
                        "caretaker.targets.main.url", targetWire.url(target.name())));
        int port = server.bean(HttpPort.class).port().orElseThrow();
        scene = new Scene(server, "http://127.0.0.1:" + port);
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-jobs", "main", "jobs"))
                        .addPolicies(ScheduleScene.policy("late", "main", "late"))
                        .addPolicies(ScheduleScene.policy("done", "main", "states")
                                .setCountBy("status")
                                .setFilter(Filter.newBuilder()
                                        .setComparison(Comparison.newBuilder()
                                                .setColumn("status")
                                                .setOperator(ComparisonOperator.COMPARISON_OPERATOR_EQUAL)
                                                .setValue(Value.newBuilder().setStringValue(ODD)))))
                        .build());
        server.backups()
                .recordExternalBackup(RecordExternalBackupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setSource("snapshot")
                        .setReference("1")
                        .setTime(Timestamps.fromMillis(System.currentTimeMillis() - 1_000))
                        .setVerifyTime(Timestamps.fromMillis(System.currentTimeMillis() - 1_000))
                        .build());
        server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(PartitionSet.newBuilder()
                                .setName("events")
                                .setTarget("main")
                                .setTable(TableName.newBuilder().setName("events"))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                        .build());
    }

    @AfterAll
    void stop() throws IOException {
        scene.server().close();
        storeWire.close();
        targetWire.close();
    }

    /** What is told of the control store is as of now, and not of up to a quarter of a minute ago. */
    void look() {
        Looks.now(scene.server().bean(ApplicationContext.class));
    }

    void cleanUp(String policy) {
        Plan plan = scene.server()
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies(policy)
                        .build())
                .getPlan();
        List<RunEvent> events = new ArrayList<>();
        scene.server()
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(10_000))
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertThat(events.getLast().getFinished().getOutcome())
                .as(events.getLast().toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    void schedule(String name) {
        apply(ScheduleScene.vacuum(name, "main"));
        ask(name);
    }

    void apply(Schedule.Builder schedule) {
        scene.server()
                .schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(id())
                        .addSchedules(schedule)
                        .build());
    }

    /** Asks for a fire out of turn. */
    void ask(String name) {
        scene.server()
                .schedules()
                .triggerSchedule(TriggerScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setName(name)
                        .build());
    }

    MetricsText metrics() throws Exception {
        return metrics(scene.base());
    }

    MetricsText metrics(String base) throws Exception {
        return MetricsText.parse(http.send(
                        HttpRequest.newBuilder(URI.create(base + "/metrics"))
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(scene.base() + path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static Set<String> metricsIn(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher =
                Pattern.compile("\\b(?:caretaker|jvm)_[a-z_]+[a-z]\\b").matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    static String id() {
        return UUID.randomUUID().toString();
    }
}
