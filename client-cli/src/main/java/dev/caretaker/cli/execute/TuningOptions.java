package dev.caretaker.cli.execute;

import dev.caretaker.cli.units.ByteSizes;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.Tuning;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How hard a run may work. What is not given comes from the target's configuration, or stays as it is. */
public final class TuningOptions {
    @Option(
            names = "--batch-target",
            paramLabel = "DURATION",
            order = 60,
            converter = Durations.Converter.class,
            description = "Time one batch should take, 10ms to 10s.")
    private Duration batchTarget;

    @Option(
            names = "--max-rows-per-second",
            paramLabel = "N",
            order = 61,
            description = "Delete no faster; 0 means no cap.")
    private Long maxRowsPerSecond;

    @Option(
            names = "--pause-ratio",
            paramLabel = "R",
            order = 62,
            description = "Pause after each batch, as a multiple of the time it took, 0 to 100.")
    private Double pauseRatio;

    @Option(
            names = "--max-lag",
            paramLabel = "SIZE",
            order = 63,
            converter = ByteSizes.Converter.class,
            description = "Wait while the slowest standby lags by more, for example 16MB; 0 means never.")
    private Long maxLag;

    @Option(
            names = "--max-wal",
            paramLabel = "SIZE/s",
            order = 64,
            converter = ByteSizes.Converter.class,
            description = "Write no more WAL a second, for example 32MB/s; 0 means no cap.")
    private Long maxWal;

    @Option(
            names = "--max-lock-waiters",
            paramLabel = "N",
            order = 65,
            description = "Back off when so many sessions wait for the run's locks; 0 means never.")
    private Integer maxLockWaiters;

    @Option(
            names = "--pace",
            paramLabel = "PACE",
            order = 66,
            description = "How much it gives way to others at the server: adaptive, fast or polite.")
    private PaceName pace;

    public Tuning toProto() {
        Tuning.Builder tuning = Tuning.newBuilder();
        if (batchTarget != null) {
            tuning.setBatchTarget(Durations.toProto(batchTarget));
        }
        if (maxRowsPerSecond != null) {
            tuning.setMaxRowsPerSecond(maxRowsPerSecond);
        }
        if (pauseRatio != null) {
            tuning.setPauseRatio(pauseRatio);
        }
        if (maxLag != null) {
            tuning.setMaxReplicationLagBytes(maxLag);
        }
        if (maxWal != null) {
            tuning.setMaxWalBytesPerSecond(maxWal);
        }
        if (maxLockWaiters != null) {
            tuning.setMaxLockWaiters(maxLockWaiters);
        }
        if (pace != null) {
            tuning.setPace(pace.toProto());
        }
        return tuning.build();
    }
}
