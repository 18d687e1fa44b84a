package dev.caretaker.server.http;

import dev.caretaker.server.backup.health.BackupHealth;
import dev.caretaker.server.backup.health.BackupHealths;
import dev.caretaker.server.config.HttpConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.http.Successes.Key;
import dev.caretaker.server.run.BackupProof;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.MeasurementStore;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.WorkLook;
import dev.caretaker.server.store.WorkLook.KeptArchives;
import dev.caretaker.server.store.WorkLook.OpenFindings;
import dev.caretaker.server.store.WorkLook.OpenRuns;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the control store for metrics, in the background and every 15 seconds whoever asks, and keeps what it saw: while the
 * store is away its last figures stay, with their age. No target is asked anything.
 */
@Singleton
public class StoreLook {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLook.class);
    /** As the check archive-unverified takes it by itself: whatever it is told to take, which may differ by target. */
    private static final Duration VERIFIED = Duration.ofDays(180);

    private static final List<String> ARCHIVE_STATES = List.of("open", "sealed", "stored", "damaged");

    private final boolean wanted;
    private final WorkLook work;
    private final MeasurementStore measurements;
    private final Targets targets;
    private final Gauges gauges;
    private final WorkMeters meters;
    private final BackupHealths backups;
    private final DeadDeliveries deliveries;
    private final Successes successes;
    private final MeasuredGauges figures;
    /** What was shown since the start; looks come one after the other. */
    private final Set<RunsIn> seen = new LinkedHashSet<>();

    StoreLook(
            HttpConfig config,
            WorkLook work,
            MeasurementStore measurements,
            Targets targets,
            Gauges gauges,
            WorkMeters meters,
            BackupHealths backups,
            DeadDeliveries deliveries,
            Clock clock) {
        this.wanted = config.address().isPresent();
        this.work = work;
        this.measurements = measurements;
        this.targets = targets;
        this.gauges = gauges;
        this.meters = meters;
        this.backups = backups;
        this.deliveries = deliveries;
        this.successes = new Successes(work);
        this.figures = new MeasuredGauges(gauges, clock);
    }

    @Scheduled(fixedDelay = "15s")
    void look() {
        if (!wanted) {
            return;
        }
        gauges.undisturbed(this::connections);
        try {
            long now = System.nanoTime();
            List<OpenRuns> runs = work.runs();
            List<OpenFindings> findings = work.findings();
            List<KeptArchives> archives = work.archives();
            Map<String, Long> unverified = work.unverified(VERIFIED);
            List<Measurement> measured = measurements.list();
            Map<Key, WorkLook.Success> done = successes.now();
            List<String> schedules = work.scheduleNames();
            List<BackupHealth> healths = backups.known(targets.names());
            Map<String, Long> dead = deliveries.now();
            gauges.undisturbed(() -> {
                meters.expect(targets.names(), schedules);
                runs(runs);
                findings(findings);
                archives(archives);
                gauges.unverifiedBytes.register(
                        targets.names().stream()
                                .<Row<?>>map(target ->
                                        Row.of(Tags.of("target", target), unverified.getOrDefault(target, 0L)))
                                .toList(),
                        true);
                figures.show(
                        measured.stream()
                                .filter(one -> targets.names().contains(one.target()))
                                .toList(),
                        done);
                successes(done);
                backups(healths);
                dead(dead);
                gauges.looked(now);
                return now;
            });
        } catch (CaretakerException e) {
            gauges.lookFailed();
            LOG.debug("metrics of the control store stay as they are: {}", e.getMessage());
        }
    }

    private void dead(Map<String, Long> byChannel) {
        List<Row<?>> rows = new ArrayList<>();
        byChannel.forEach((channel, number) -> rows.add(Row.of(Tags.of("channel", channel), number)));
        gauges.deadNotifications.register(rows, true);
    }

    private void backups(List<BackupHealth> healths) {
        gauges.backupsExpected.register(
                healths.stream()
                        .<Row<?>>map(health -> Row.of(Tags.of("target", health.target()), health.expected() ? 1 : 0))
                        .toList(),
                true);
        gauges.backupAges.register(ages(healths, BackupHealth::newest), true);
        gauges.verifiedBackupAges.register(ages(healths, BackupHealth::newestVerified), true);
        gauges.damagedBackups.register(
                healths.stream()
                        .<Row<?>>map(health -> Row.of(
                                Tags.of("target", health.target()),
                                health.damaged().size()))
                        .toList(),
                true);
    }

    private static List<Row<?>> ages(List<BackupHealth> healths, Function<BackupHealth, Optional<BackupProof>> which) {
        List<Row<?>> rows = new ArrayList<>();
        for (BackupHealth health : healths) {
            which.apply(health)
                    .ifPresent(proof -> rows.add(Row.of(
                            Tags.of("target", health.target()),
                            health.age(proof).toSeconds())));
        }
        return rows;
    }

    private int connections() {
        List<Row<?>> taken = new ArrayList<>();
        List<Row<?>> limits = new ArrayList<>();
        targets.places().forEach((server, places) -> {
            taken.add(Row.of(Tags.of("server", server), places.taken()));
            limits.add(Row.of(Tags.of("server", server), places.limit()));
        });
        List<Row<?>> up = new ArrayList<>();
        for (Target target : targets.all()) {
            target.reached().ifPresent(reached -> up.add(Row.of(Tags.of("target", target.name()), reached ? 1 : 0)));
        }
        gauges.up.register(up, true);
        gauges.connections.register(taken, true);
        gauges.connectionLimits.register(limits, true);
        return taken.size();
    }

    /** Nothing in a state is a number, too. */
    private void archives(List<KeptArchives> kept) {
        List<Row<?>> numbers = new ArrayList<>();
        List<Row<?>> rows = new ArrayList<>();
        List<Row<?>> bytes = new ArrayList<>();
        for (String target : targets.names()) {
            for (String state : ARCHIVE_STATES) {
                Tags tags = Tags.of("target", target, "state", state);
                KeptArchives found = kept.stream()
                        .filter(one ->
                                one.target().equals(target) && one.state().equals(state))
                        .findFirst()
                        .orElse(new KeptArchives(target, state, 0, 0, 0));
                numbers.add(Row.of(tags, found.number()));
                rows.add(Row.of(tags, found.rows()));
                bytes.add(Row.of(tags, found.bytes()));
            }
        }
        gauges.archives.register(numbers, true);
        gauges.archiveRows.register(rows, true);
        gauges.archiveBytes.register(bytes, true);
    }

    /**
     * That none of a kind is at work is a number, too, and so is that none is any more in a state in which one was seen. All states of all
     * kinds would be very many rows of nothing.
     */
    private void runs(List<OpenRuns> open) {
        for (String target : targets.names()) {
            for (RunKind kind : RunKind.values()) {
                seen.add(new RunsIn(target, kind, RunState.RUNNING));
            }
        }
        Map<RunsIn, Long> numbers = open.stream()
                .filter(one -> targets.names().contains(one.target()))
                .collect(Collectors.toMap(
                        one -> new RunsIn(one.target(), one.kind(), one.state()), OpenRuns::number, Long::sum));
        seen.addAll(numbers.keySet());
        gauges.runs.register(
                seen.stream()
                        .<Row<?>>map(one -> Row.of(
                                Tags.of(
                                        "kind",
                                        WorkMeters.label(one.kind()),
                                        "target",
                                        one.target(),
                                        "state",
                                        WorkMeters.label(one.state())),
                                numbers.getOrDefault(one, 0L)))
                        .toList(),
                true);
    }

    /** Where runs are counted. */
    private record RunsIn(String target, RunKind kind, RunState state) {}

    private void findings(List<OpenFindings> open) {
        gauges.findings.register(
                open.stream()
                        .filter(one -> targets.names().contains(one.target()))
                        .<Row<?>>map(one -> Row.of(
                                Tags.of(
                                        "target",
                                        one.target(),
                                        "check",
                                        one.check(),
                                        "severity",
                                        one.severity().toLowerCase(Locale.ROOT)),
                                one.number()))
                        .toList(),
                true);
    }

    private void successes(Map<Key, WorkLook.Success> done) {
        List<Row<?>> rows = new ArrayList<>();
        done.forEach((key, success) -> {
            if (targets.names().contains(key.target())) {
                rows.add(Row.of(
                        Tags.of("kind", key.what(), "target", key.target(), "name", key.name()),
                        success.at().toEpochMilli() / 1e3));
            }
        });
        gauges.successes.register(rows, true);
    }
}
