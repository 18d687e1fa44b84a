package dev.caretaker.server.http;

import dev.caretaker.server.store.StoreClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Metrics that a look at the control store fills. What was never looked at is not there. */
@Singleton
final class Gauges {
    private static final String SHARED = " (of the control store: the same on each of its servers)";
    private static final String LOOK = ", by the last detection" + SHARED;

    final MultiGauge runs;
    final MultiGauge findings;
    final MultiGauge archives;
    final MultiGauge archiveRows;
    final MultiGauge archiveBytes;
    final MultiGauge unverifiedBytes;
    final MultiGauge successes;
    final MultiGauge overdue;
    final MultiGauge eligibleRows;
    final MultiGauge policyRows;
    final MultiGauge bloat;
    final MultiGauge horizon;
    final MultiGauge staleStatistics;
    final MultiGauge runway;
    final MultiGauge defaultRows;
    final MultiGauge xids;
    final MultiGauge measurementAges;
    final MultiGauge mxids;
    final MultiGauge pendingDetaches;
    final MultiGauge up;
    final MultiGauge backupsExpected;
    final MultiGauge backupAges;
    final MultiGauge verifiedBackupAges;
    final MultiGauge damagedBackups;
    final MultiGauge deadNotifications;
    final MultiGauge connections;
    final MultiGauge connectionLimits;

    private final PrometheusMeterRegistry registry;
    private final StoreClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** As System.nanoTime, which nobody sets. */
    private volatile OptionalLong looked = OptionalLong.empty();

    private volatile boolean storeUp;
    private boolean told;

    Gauges(PrometheusMeterRegistry registry, StoreClock clock) {
        this.registry = registry;
        this.clock = clock;
        this.runs = gauge("runs.active", "", "Runs that have not ended, by kind and state" + SHARED);
        this.findings = gauge("findings", "", "Findings that are there and not muted" + SHARED);
        this.archives = gauge("archives", "", "Archives that are not deleted, by state" + SHARED);
        this.archiveRows = gauge("archive.rows", "", "Rows in archives that are not deleted, by state" + SHARED);
        this.archiveBytes =
                gauge("archive", "bytes", "Size of archives that are not deleted, as stored, by state" + SHARED);
        this.unverifiedBytes = gauge(
                "archive.unverified",
                "bytes",
                "Size of archives that are not at their destination yet, were found damaged, or were not verified within 180"
                        + " days, whatever the check archive-unverified takes" + SHARED);
        this.successes = gauge(
                "last.success.timestamp",
                "seconds",
                "When a policy, a routine or a schedule last ended well, as Unix time" + SHARED);
        this.overdue = gauge(
                "policy.oldest.eligible.age",
                "seconds",
                "Retention debt: how long the oldest row that a policy should have removed has been eligible, 0 if there"
                        + " is none, by the last detection or a cleanup that ended well since" + SHARED);
        this.eligibleRows = gauge(
                "policy.eligible.rows",
                "",
                "Rows that a policy would remove, by the last growth sample or a cleanup that ended well since"
                        + SHARED);
        this.policyRows = gauge(
                "policy.rows",
                "",
                "Rows of a policy's table by the values that filters name of the column that it counts by, by the last"
                        + " growth sample" + SHARED);
        this.bloat = gauge("bloat", "bytes", "Space that large tables and indexes waste, an estimate" + LOOK);
        this.horizon = gauge(
                "horizon.age",
                "transactions",
                "Age of the oldest transaction that somebody may still look at, which holds vacuum back" + LOOK);
        this.staleStatistics = gauge("statistics.stale.tables", "", "Tables whose statistics are out of date" + LOOK);
        this.runway = gauge(
                "partition.runway",
                "seconds",
                "For how long from the look on a partition set has partitions without a gap" + LOOK);
        this.defaultRows =
                gauge("default.partition.rows", "", "Rows in the default partition of a set, an estimate" + LOOK);
        this.xids = gauge(
                "xid.age.ratio",
                "",
                "Age of the oldest transaction id of the server that is not frozen, 1 being the end" + LOOK);
        this.mxids = gauge(
                "mxid.age.ratio",
                "",
                "Age of the oldest multixact id of the server that is not frozen, 1 being the end" + LOOK);
        this.pendingDetaches =
                gauge("partitions.pending.detach", "", "Partitions whose detachment was begun and not finished" + LOOK);
        this.up =
                gauge("target.up", "", "Whether the latest attempt of this process to connect to the target succeeded");
        this.measurementAges = gauge(
                "measurement.age",
                "seconds",
                "How long ago figures of detections were read, the oldest of each kind" + SHARED);
        this.backupsExpected = gauge("backup.expected", "", "Whether backups of the target are expected" + SHARED);
        this.backupAges = gauge(
                "backup.age", "seconds", "Age of the newest backup of the whole database, whoever made it" + SHARED);
        this.verifiedBackupAges = gauge(
                "backup.verified.age",
                "seconds",
                "Age of the newest backup of the whole database that was proven by restoring it" + SHARED);
        this.damagedBackups =
                gauge("backups.damaged", "", "Backups of Caretaker's own that a verification found damaged" + SHARED);
        this.deadNotifications = gauge(
                "notifications.dead",
                "",
                "Deliveries of notifications that were given up and neither delivered again nor forgotten since"
                        + SHARED);
        this.connections =
                gauge("connections", "", "Connections of this process to a server of targets, at the last look");
        this.connectionLimits =
                gauge("connections.limit", "", "Connections that this process may have to a server of targets");
    }

    /**
     * One after the other: rows of a gauge are replaced one by one, and a reader in between would see some twice and others not at
     * all. Nothing that waits for anything else may be done so.
     */
    <T> T undisturbed(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The control store was looked at.
     *
     * @param at as System.nanoTime
     */
    void looked(long at) {
        if (looked.isEmpty()) {
            looked = OptionalLong.of(at);
            Gauge.builder("caretaker.store.look.age", this, Gauges::age)
                    .description("How long ago the control store was last read for metrics: the age of what is of it")
                    .baseUnit("seconds")
                    .register(registry);
            Gauge.builder(
                            "caretaker.clock.difference",
                            clock,
                            self -> self.ahead().toNanos() / 1e9)
                    .description(
                            "How far the clock of the control store is ahead of that of this process, negative if it is"
                                    + " behind")
                    .baseUnit("seconds")
                    .register(registry);
        }
        looked = OptionalLong.of(at);
        told(true);
    }

    /** The control store did not answer: what was seen stays. */
    void lookFailed() {
        told(false);
    }

    private void told(boolean answers) {
        storeUp = answers;
        if (!told) {
            told = true;
            Gauge.builder("caretaker.control.store.up", this, self -> self.storeUp ? 1 : 0)
                    .description("Whether the control store answered when it was last looked at")
                    .register(registry);
        }
    }

    private double age() {
        OptionalLong last = looked;
        return last.isPresent() ? (System.nanoTime() - last.getAsLong()) / 1e9 : Double.NaN;
    }

    private MultiGauge gauge(String name, String unit, String description) {
        MultiGauge.Builder builder = MultiGauge.builder("caretaker." + name).description(description);
        return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry);
    }
}
