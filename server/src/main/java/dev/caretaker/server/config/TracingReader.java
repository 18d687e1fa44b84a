package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads {@code caretaker.tracing}, and what OpenTelemetry's own variables say of it: they are the same for all programs of a
 * machine. More of them (headers, certificates, resource attributes) are read where the traces are sent.
 */
@Factory
public final class TracingReader {
    private static final String OF_ALL = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /** Taken as it is, where it is given: nothing is added to it. */
    private static final String OF_TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    private static final String PATH = "/v1/traces";
    private static final double USUAL_RATIO = 0.01;

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public TracingConfig read(Environment environment) {
        return read(environment, System::getenv);
    }

    /** @param variable value of an environment variable, null if it is not set */
    static TracingConfig read(Environment environment, UnaryOperator<String> variable) {
        Settings root = new Settings(environment, "caretaker");
        Optional<URI> own =
                root.text(TracingConfig.ENDPOINT).map(text -> traces(url(root.key(TracingConfig.ENDPOINT), text)));
        double ratio = root.decimal(TracingConfig.BATCH_RATIO, 0, 1).orElse(USUAL_RATIO);
        boolean off = "true".equalsIgnoreCase(variable.apply("OTEL_SDK_DISABLED"))
                || "none".equalsIgnoreCase(variable.apply("OTEL_TRACES_EXPORTER"));
        Optional<URI> everybodys = off ? Optional.empty() : everybodys(variable);
        return new TracingConfig(own.or(() -> everybodys), ratio);
    }

    private static Optional<URI> everybodys(UnaryOperator<String> variable) {
        Optional<URI> special = given(variable, OF_TRACES).map(text -> url(OF_TRACES, text));
        return special.or(() -> given(variable, OF_ALL).map(text -> traces(url(OF_ALL, text))));
    }

    private static Optional<String> given(UnaryOperator<String> variable, String name) {
        return Optional.ofNullable(variable.apply(name)).filter(text -> !text.isBlank());
    }

    private static URI traces(URI base) {
        return URI.create(base.toString().replaceAll("/+$", "") + PATH);
    }

    private static URI url(String key, String text) {
        try {
            URI url = new URI(text.strip());
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new ConfigException(key, "is no URL: " + e.getMessage());
        }
        throw new ConfigException(
                key, "must be the URL of a receiver of OTLP over HTTP, such as http://localhost:4318");
    }
}
