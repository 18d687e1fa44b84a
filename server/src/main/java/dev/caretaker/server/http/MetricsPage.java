package dev.caretaker.server.http;

import dev.caretaker.server.http.HttpPort.Answer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;

/** All metrics in the text format of Prometheus. */
@Singleton
final class MetricsPage {
    private static final int OK = 200;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final Gauges gauges;

    MetricsPage(PrometheusMeterRegistry registry, Gauges gauges) {
        this.registry = registry;
        this.gauges = gauges;
    }

    Answer page() {
        return new Answer(OK, TEXT, gauges.undisturbed(() -> registry.scrape(TEXT)));
    }
}
