package dev.caretaker.cli.vacuum;

import dev.caretaker.cli.units.ByteSizes;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.IndexCleanup;
import dev.caretaker.v1.VacuumOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options of the statement. What is not given is left to the server. */
final class StatementOptions {
    private static final long KILOBYTE = 1024;

    @Option(names = "--analyze-only", order = 20, description = "Only refresh statistics.")
    private boolean analyzeOnly;

    @Option(names = "--skip-analyze", order = 21, description = "Do not refresh statistics.")
    private boolean skipAnalyze;

    @Option(
            names = "--full",
            order = 22,
            description =
                    "Rewrite the tables, which must be named. Locks them ACCESS EXCLUSIVE all the while, and needs"
                            + " known free disk space.")
    private boolean full;

    @Option(
            names = "--repack",
            order = 23,
            description = "Rewrite the tables concurrently, PostgreSQL 19. Experimental.")
    private boolean repack;

    @Option(names = "--freeze", order = 24, description = "Freeze every row that can be.")
    private boolean freeze;

    @Option(names = "--parallel", paramLabel = "N", order = 25, description = "Workers for indexes, 0 to 1024.")
    private Integer parallel;

    @Option(
            names = "--index-cleanup",
            paramLabel = "auto|on|off",
            order = 26,
            description = "Whether to clean indexes up.")
    private Cleanup indexCleanup;

    @Option(
            names = "--truncate",
            negatable = true,
            order = 27,
            description = "Whether to give empty pages at the end back, under a brief ACCESS EXCLUSIVE. Default: unless"
                    + " the table is in use.")
    private Boolean truncate;

    @Option(names = "--skip-locked", order = 28, description = "Do not wait for a lock at all.")
    private boolean skipLocked;

    @Option(names = "--process-toast", negatable = true, order = 29, description = "Whether to vacuum TOAST, too.")
    private Boolean processToast;

    @Option(
            names = "--buffers",
            paramLabel = "SIZE",
            order = 30,
            converter = ByteSizes.Converter.class,
            description = "BUFFER_USAGE_LIMIT, 128kB to 16GB, or 0 for none. PostgreSQL 16.")
    private Long buffers;

    @Option(
            names = "--cost-delay",
            paramLabel = "DURATION",
            order = 31,
            converter = Durations.Converter.class,
            description = "Rest after each portion of work, up to 100ms.")
    private Duration costDelay;

    @Option(
            names = "--cost-limit",
            paramLabel = "N",
            order = 32,
            description = "How much work a portion is, 1 to 10000.")
    private Integer costLimit;

    enum Cleanup {
        AUTO(IndexCleanup.INDEX_CLEANUP_AUTO),
        ON(IndexCleanup.INDEX_CLEANUP_ON),
        OFF(IndexCleanup.INDEX_CLEANUP_OFF);

        private final IndexCleanup proto;

        Cleanup(IndexCleanup proto) {
            this.proto = proto;
        }
    }

    VacuumOptions toProto() {
        VacuumOptions.Builder options = VacuumOptions.newBuilder()
                .setAnalyzeOnly(analyzeOnly)
                .setSkipAnalyze(skipAnalyze)
                .setFull(full)
                .setRepack(repack)
                .setFreeze(freeze)
                .setSkipLocked(skipLocked);
        if (parallel != null) {
            options.setParallel(parallel);
        }
        if (indexCleanup != null) {
            options.setIndexCleanup(indexCleanup.proto);
        }
        if (truncate != null) {
            options.setTruncate(truncate);
        }
        if (processToast != null) {
            options.setProcessToast(processToast);
        }
        if (buffers != null) {
            options.setBufferUsageLimitKb((int) Math.min(Integer.MAX_VALUE, (buffers + KILOBYTE - 1) / KILOBYTE));
        }
        if (costDelay != null) {
            options.setCostDelay(Durations.toProto(costDelay));
        }
        if (costLimit != null) {
            options.setCostLimit(costLimit);
        }
        return options.build();
    }
}
