package dev.caretaker.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener.Beginning;
import dev.caretaker.server.run.RunListener.FailureReport;
import dev.caretaker.server.run.RunListener.Work;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkMetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WorkMeters meters =
            new WorkMeters(registry, new Histograms(registry), notifications(), Clock.systemUTC());

    private static NotificationsConfig notifications() {
        return new NotificationsConfig(
                URI.create("/test"),
                Duration.ofDays(1),
                1,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofDays(1),
                new TreeMap<>(),
                List.of());
    }

    private Work work(RunKind kind) {
        return meters.begins(new Beginning(
                UUID.randomUUID(), kind, "shop", Instant.EPOCH, Optional.of(Instant.EPOCH), Optional.empty()));
    }

    private static StepView step(String policy, Optional<Outcome> outcome, Totals totals) {
        return new StepView(
                1,
                "some",
                new TableName("public", "orders"),
                policy,
                outcome,
                0,
                totals,
                "",
                Optional.of(Instant.EPOCH),
                outcome.map(ended -> Instant.EPOCH));
    }

    private static RunEvent progress(long rows) {
        return new RunEvent.Progress(1, rows, 0, 0, 0, 0, Duration.ZERO, 0, Optional.empty(), 0, "", rows);
    }

    @Test
    void rows_that_a_policy_removes_are_counted_once_as_they_go() {
        Work work = work(RunKind.CLEANUP);
        work.happened(new RunEvent.StepStarted(step("old", Optional.empty(), Totals.ofRows(100, 0)), true));
        work.happened(progress(250));
        work.happened(progress(300));
        work.happened(new RunEvent.StepFinished(step("old", Optional.of(Outcome.COMPLETE), Totals.ofRows(320, 0))));
        assertThat(registry.get("caretaker.rows.deleted")
                        .tags("target", "shop", "policy", "old")
                        .counter()
                        .count())
                .isEqualTo(220);
    }

    @Test
    void what_goes_wrong_is_counted_by_its_kind() {
        Work work = work(RunKind.CLEANUP);
        work.happened(new RunEvent.StepStarted(step("old", Optional.empty(), Totals.NONE), true));
        for (String state : List.of("55P03", "40001", "40P01", "55P03", "23503", "")) {
            work.failed(new FailureReport(1, true, Duration.ofMillis(5), "SOME", state));
        }
        work.lost();
        meters.failed("ops");
        meters.failed("ops");
        meters.decided("nightly", FireOutcome.MISSED, 3);
        meters.decided("nightly", FireOutcome.MISSED, 1);
        assertThat(count("caretaker.lock.timeouts", "target", "shop", "step", "some"))
                .isEqualTo(2);
        assertThat(count("caretaker.serialization.retries", "target", "shop", "step", "some"))
                .isEqualTo(2);
        assertThat(count("caretaker.leases.lost")).isEqualTo(1);
        assertThat(count("caretaker.notification.failures", "channel", "ops")).isEqualTo(2);
        assertThat(count("caretaker.schedule.fires", "schedule", "nightly", "outcome", "missed"))
                .isEqualTo(4);
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void rows_that_a_restore_brings_back_are_none_that_were_deleted() {
        Work work = work(RunKind.RESTORE);
        work.happened(new RunEvent.StepStarted(step("", Optional.empty(), Totals.NONE), false));
        work.happened(progress(250));
        work.happened(new RunEvent.StepFinished(step("", Optional.of(Outcome.COMPLETE), Totals.ofRestored(240, 10))));
        assertThat(registry.find("caretaker.rows.deleted").counters()).isEmpty();
    }
}
