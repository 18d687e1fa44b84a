package dev.caretaker.server.detect;

import dev.caretaker.server.config.ChecksConfig;
import dev.caretaker.server.config.ChecksLogin;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.detect.Detection.Request;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs checks on a target, a few at a time, and remembers what they found. One that cannot run never stops the others. */
@Singleton
public class Detector {
    private static final Logger LOG = LoggerFactory.getLogger(Detector.class);

    private final Targets targets;
    private final Checks checks;
    private final Findings findings;
    private final Samples samples;
    private final PolicyFacts policies;
    private final PartitionSetFacts partitionSets;
    private final ConversionFacts conversions;
    private final Debts debts;
    private final ConfigurationFacts configuration;
    private final ScheduleFacts schedules;
    private final NotificationFacts notifications;
    private final GrowthFacts growth;
    private final ArchiveStore archives;
    private final BackupFacts backups;
    private final ChecksConfig config;
    private final Optional<RunAs> runAs;
    private final Clock clock;
    /** Detections of one target share its connections with other work. */
    private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

    public Detector(
            Targets targets,
            Checks checks,
            Findings findings,
            Samples samples,
            PolicyFacts policies,
            PartitionSetFacts partitionSets,
            ConversionFacts conversions,
            Debts debts,
            ConfigurationFacts configuration,
            ScheduleFacts schedules,
            NotificationFacts notifications,
            GrowthFacts growth,
            ArchiveStore archives,
            BackupFacts backups,
            ChecksConfig config,
            ChecksLogin login,
            Clock clock) {
        this.targets = targets;
        this.checks = checks;
        this.findings = findings;
        this.samples = samples;
        this.policies = policies;
        this.partitionSets = partitionSets;
        this.conversions = conversions;
        this.debts = debts;
        this.configuration = configuration;
        this.schedules = schedules;
        this.notifications = notifications;
        this.growth = growth;
        this.archives = archives;
        this.backups = backups;
        this.config = config;
        this.runAs = RunAs.of(config, login);
        this.clock = clock;
    }

    /**
     * Finds what is wrong with a target.
     *
     * @throws CaretakerException TARGET_NOT_FOUND, INVALID_FIELD, TARGET_UNREACHABLE (if its primary is), and what else
     *     opening a connection to it may bring; CONTROL_STORE_UNREACHABLE
     */
    public Detection detect(Request request) {
        Target target = targets.get(request.target());
        Checks.Selection selection = checks.select(request.target(), request.checks(), request.thresholds());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<CheckResult> results = run(target, selection, now);
        Set<String> varied = request.thresholds().keySet().stream()
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .collect(Collectors.toSet());
        Set<String> named = selection.byId().values().stream()
                .filter(Check::isPrivate)
                .map(Check::id)
                .collect(Collectors.toSet());
        List<Finding> found = findings.remember(target.name(), results, varied, named, now).stream()
                .filter(finding -> finding.found().severity().compareTo(request.minimum()) >= 0)
                .filter(finding -> request.includeMuted() || !finding.muted())
                .filter(finding -> request.includeGone() || finding.status() != Finding.Status.GONE)
                .sorted(Comparator.comparing(Finding::found, RawFinding.WORST_FIRST))
                .toList();
        return new Detection(found, results, now);
    }

    private List<CheckResult> run(Target target, Checks.Selection selection, Instant now) {
        Surroundings primary = target.withPrimary(Surroundings::read);
        Scope scope = target.withPrimary(connection -> Scope.read(connection, target));
        Optional<Surroundings> replica = replica(target, primary);
        Feeds feeds = new Feeds(
                () -> policies.of(target.name()),
                () -> samples.history(target.name(), now),
                () -> replica.map(answers -> target.withReader(
                        connection -> Sql.resource("detect/index_scans").one(connection, row -> row.getString(1)))),
                () -> partitionSets.of(target.name()),
                () -> conversions.of(target.name()),
                () -> OpenDebts.json(debts, target.name()),
                () -> Json.write(configuration.badFiles(target.name())),
                () -> schedules.of(target.name()),
                () -> notifications.of(target.name()),
                () -> growth.of(target.name()),
                () -> KeptArchives.json(archives, target.name()),
                () -> backups.of(target.name()));
        CheckRunner runner = new CheckRunner(target, scope, feeds, config.statementTimeout(), runAs);
        List<Callable<CheckResult>> tasks = new ArrayList<>();
        for (Check check : selection.byId().values()) {
            tasks.add(() -> isolated(check, () -> {
                feeds.fetch(check);
                boolean reader = replica.isPresent() && !check.primaryOnly();
                if (check.custom() && runAs.isPresent() && runAs.get() instanceof RunAs.Login(Credentials login)) {
                    return target.withLogin(
                            login, reader, connection -> runner.run(connection, Surroundings.read(connection), check));
                }
                return reader
                        ? target.withReader(connection -> runner.run(connection, replica.get(), check))
                        : target.withPrimary(connection -> runner.run(connection, primary, check));
            }));
        }
        List<CheckResult> results = new ArrayList<>(inParallel(target, tasks));
        selection.broken().forEach(file -> results.add(CheckResult.broken(file)));
        results.sort(Comparator.comparing(CheckResult::checkId));
        note(target, now);
        return results;
    }

    /** The replica's surroundings if the target has one that answers and is one; the primary does without it. */
    private static Optional<Surroundings> replica(Target target, Surroundings primary) {
        if (target.replicaAddress().isEmpty()) {
            return Optional.empty();
        }
        try {
            Surroundings replica = target.withReader(Surroundings::read);
            if (replica.systemIdentifier() != primary.systemIdentifier()) {
                LOG.warn("The replica of target {} is not used for checks: it is of another system", target.name());
                return Optional.empty();
            }
            return Optional.of(replica);
        } catch (CaretakerException e) {
            LOG.warn("The replica of target {} is not used for checks: {}", target.name(), e.getMessage());
            return Optional.empty();
        }
    }

    private static CheckResult isolated(Check check, Callable<CheckResult> work) throws Exception {
        try {
            return work.call();
        } catch (CaretakerException e) {
            return CheckResult.failed(check, e.getMessage());
        }
    }

    private List<CheckResult> inParallel(Target target, List<Callable<CheckResult>> tasks) {
        Semaphore permit = permits.computeIfAbsent(target.name(), name -> new Semaphore(config.parallelism(), true));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CheckResult>> futures = tasks.stream()
                    .map(task -> executor.submit(() -> {
                        permit.acquire();
                        try {
                            return task.call();
                        } finally {
                            permit.release();
                        }
                    }))
                    .toList();
            List<CheckResult> results = new ArrayList<>();
            for (Future<CheckResult> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while checks ran", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check ended in a fault of Caretaker", e.getCause());
        }
    }

    /** Growth is told from notes; a detection is good without one. */
    private void note(Target target, Instant now) {
        try {
            target.withPrimary(connection -> {
                samples.take(target.name(), connection, now);
                return null;
            });
        } catch (CaretakerException e) {
            LOG.warn("No note of the table sizes of target {} was made: {}", target.name(), e.getMessage());
        }
    }
}
