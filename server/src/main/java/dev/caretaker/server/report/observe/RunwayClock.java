package dev.caretaker.server.report.observe;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.partition.upkeep.plan.Outlook;
import dev.caretaker.server.partition.upkeep.plan.UpkeepOutlook;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.Measurement.Measure;
import dev.caretaker.server.store.MeasurementStore;
import dev.caretaker.server.store.RunwayStore;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks how far ahead partitions exist, by the clock and whether or not anybody runs checks: once an hour, and after upkeep. Servers
 * share the targets. A target that is away is looked at an hour later; what was seen of it runs out meanwhile all the same.
 */
@Singleton
public class RunwayClock {
    private static final Logger LOG = LoggerFactory.getLogger(RunwayClock.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final RunwayStore store;
    private final MeasurementStore measurements;
    private final UpkeepOutlook outlook;
    private final Targets targets;
    private final Clock clock;

    RunwayClock(RunwayStore store, MeasurementStore measurements, UpkeepOutlook outlook, Targets targets, Clock clock) {
        this.store = store;
        this.measurements = measurements;
        this.outlook = outlook;
        this.targets = targets;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = "30s", initialDelay = "15s")
    void tick() {
        try {
            look();
        } catch (CaretakerException e) {
            LOG.debug("partitions are looked at later: {}", e.getMessage());
        }
    }

    /** Looks at all targets that are due and that nobody else looks at, and returns when that is stored. */
    public void look() {
        List<String> due = store.claim(targets.names(), EVERY);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(target -> executor.execute(() -> look(target)));
        }
    }

    private void look(String target) {
        try {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            measurements.put(outlook.of(target).stream()
                    .filter(set -> set.problem().isEmpty())
                    .flatMap(set -> figures(target, set, now).stream())
                    .toList());
        } catch (CaretakerException e) {
            LOG.debug("partitions of target {} are looked at later: {}", target, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("partitions of target {} could not be looked at", target, e);
        }
    }

    private static List<Measurement> figures(String target, Outlook set, Instant now) {
        List<Measurement> figures = new ArrayList<>();
        String name = set.set().name();
        figures.add(
                new Measurement(target, Measure.SET_MISSING, name, set.create().size(), now));
        set.runway()
                .ifPresent(runway ->
                        figures.add(new Measurement(target, Measure.SET_RUNWAY, name, runway.toSeconds(), now)));
        return figures;
    }
}
