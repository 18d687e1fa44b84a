package dev.caretaker.server.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.inject.Singleton;

/** How long batches and runs of this process took, and how large batches were. */
@Singleton
final class Histograms {
    private static final String OWN = ", by this process since it started";
    private static final double MINUTE = 60;
    private static final double HOUR = 3_600;

    /** Around the usual target of 100 ms, up to what locks make of it. */
    private static final double[] BATCH_SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10};

    private static final double[] BATCH_ROWS = {1, 10, 100, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000};
    private static final double[] RUN_SECONDS = {
        0.5, 1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR
    };

    /** By target. */
    final Histogram batchSeconds;

    /** By target. */
    final Histogram batchRows;

    /** By kind of run. */
    final Histogram runSeconds;

    Histograms(PrometheusMeterRegistry registry) {
        this.batchSeconds = histogram(
                registry,
                "caretaker_batch_duration_seconds",
                "Time that committed batches took, with journal and commit" + OWN,
                "target",
                BATCH_SECONDS);
        this.batchRows = histogram(
                registry, "caretaker_batch_rows", "Rows that committed batches removed" + OWN, "target", BATCH_ROWS);
        this.runSeconds = histogram(
                registry,
                "caretaker_run_duration_seconds",
                "Time from when runs first worked to their end" + OWN,
                "kind",
                RUN_SECONDS);
    }

    /** The client library's own: that of Micrometer adds a gauge of the largest value, which decays. */
    private static Histogram histogram(
            PrometheusMeterRegistry registry, String name, String help, String label, double... bounds) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars()
                .register(registry.getPrometheusRegistry());
    }
}
