package dev.caretaker.server.trace;

import dev.caretaker.server.config.TracingConfig;
import dev.caretaker.server.run.TraceParent;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.exceptions.DisabledBeanException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands spans to the SDK of OpenTelemetry, which sends them from a thread of its own and drops what its queue has no room for: an
 * endpoint that is slow or dead slows nothing here. What OpenTelemetry's own environment variables say of headers, certificates,
 * compression, timeouts, queues and resource attributes holds.
 */
final class SpanSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpanSender.class);
    /** How long the end of this process waits for the last spans to leave. */
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final GivenIds ids;

    private SpanSender(SdkTracerProvider provider, GivenIds ids) {
        this.provider = provider;
        this.tracer = provider.get("dev.caretaker");
        this.ids = ids;
    }

    /** Makes one where an endpoint is configured; else nothing of OpenTelemetry is touched. */
    @Factory
    static final class Making {
        @Singleton
        @Bean(preDestroy = "close")
        SpanSender sender(TracingConfig config) {
            return config.endpoint()
                    .map(endpoint -> to(endpoint.toString()))
                    .orElseThrow(() -> new DisabledBeanException("nothing is traced"));
        }
    }

    /** @param endpoint URL to which traces are sent */
    static SpanSender to(String endpoint) {
        GivenIds ids = new GivenIds();
        SdkTracerProvider provider = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> Map.of("otel.service.name", "caretaker"))
                .addPropertiesCustomizer(given -> Map.of(
                        "otel.traces.exporter", "otlp",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none",
                        "otel.exporter.otlp.traces.protocol", "http/protobuf",
                        "otel.exporter.otlp.traces.endpoint", endpoint,
                        "otel.sdk.disabled", "false"))
                .addTracerProviderCustomizer((builder, given) -> builder.setIdGenerator(ids))
                .build()
                .getOpenTelemetrySdk()
                .getSdkTracerProvider();
        LOG.info("Traces go to {}", endpoint);
        return new SpanSender(provider, ids);
    }

    /**
     * A span that is over.
     *
     * @param parent its trace and the span that it is beneath
     * @param id of its own; empty: any
     * @param error stable reason if it failed
     */
    record Told(
            String name,
            TraceParent parent,
            Optional<String> id,
            Instant start,
            Instant end,
            Optional<String> error,
            List<Attribute> attributes) {}

    /** One attribute of a span; those with an empty text are left out. */
    record Attribute(String name, Object value) {
        static Attribute of(String name, String value) {
            return new Attribute(name, value);
        }

        static Attribute of(String name, long value) {
            return new Attribute(name, value);
        }
    }

    /** Never waits. */
    void send(Told told) {
        SpanBuilder builder = tracer.spanBuilder(told.name()).setStartTimestamp(told.start());
        TraceParent parent = told.parent();
        if (parent.isRoot()) {
            builder.setNoParent();
        } else {
            builder.setParent(Context.root()
                    .with(Span.wrap(SpanContext.createFromRemoteParent(
                            parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault()))));
        }
        for (Attribute attribute : told.attributes()) {
            switch (attribute.value()) {
                case String text when text.isEmpty() -> {}
                case String text -> builder.setAttribute(attribute.name(), text);
                case Long number -> builder.setAttribute(attribute.name(), number.longValue());
                default -> throw new IllegalArgumentException("no attribute: " + attribute);
            }
        }
        Span span = ids.with(parent.traceId(), told.id(), builder::startSpan);
        told.error()
                .ifPresent(reason -> span.setStatus(StatusCode.ERROR, reason)
                        .setAttribute(AttributeKey.stringKey("error.type"), reason));
        span.end(told.end());
    }

    /** Sends what is left, as far as that takes no longer than {@link #FLUSH}. */
    @Override
    public void close() {
        if (!provider.shutdown().join(FLUSH.toMillis(), TimeUnit.MILLISECONDS).isSuccess()) {
            LOG.warn("The last spans did not leave: the receiver of traces does not answer.");
        }
    }
}
