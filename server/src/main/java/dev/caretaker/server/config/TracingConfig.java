package dev.caretaker.server.config;

import java.net.URI;
import java.util.Optional;

/**
 * Where traces go, under {@code caretaker.tracing}.
 *
 * @param endpoint URL to which traces are sent by OTLP over HTTP; empty: nothing is traced
 * @param batchRatio share of ordinary batches that get a span, 0 to 1; slow and failed ones always do
 */
public record TracingConfig(Optional<URI> endpoint, double batchRatio) {
    /** Its keys below {@code caretaker}. */
    static final String ENDPOINT = "tracing.otlp-endpoint";

    static final String BATCH_RATIO = "tracing.batch-ratio";
}
