package dev.caretaker.server.config;

import dev.caretaker.server.config.HttpConfig.Console;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code caretaker.http}. */
@Factory
public final class HttpReader {
    private static final String DEFAULT_HOST = "127.0.0.1";

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public HttpConfig read(Environment environment, CaretakerConfig config) {
        Settings root = new Settings(environment, "caretaker");
        Optional<String> host = root.text(HttpConfig.HOST);
        OptionalLong port = root.number(HttpConfig.PORT, 0, 65_535);
        boolean allowInsecure = root.flag(HttpConfig.ALLOW_INSECURE);
        Optional<Boolean> api = root.choice(HttpConfig.API);
        Optional<Console> console = root.text(HttpConfig.CONSOLE).map(text -> console(root, text));
        boolean tls = root.flag(HttpConfig.TLS);
        Optional<Boolean> hsts = root.choice(HttpConfig.HSTS);
        Optional<Path> metricsTokens = root.file(HttpConfig.METRICS_TOKENS);
        if (port.isEmpty()) {
            if (host.isPresent()
                    || allowInsecure
                    || api.isPresent()
                    || console.isPresent()
                    || tls
                    || hsts.isPresent()
                    || metricsTokens.isPresent()) {
                throw root.wrong(HttpConfig.PORT, "is missing");
            }
            return new HttpConfig(Optional.empty(), false, Console.OFF, false, false, Optional.empty());
        }
        if (tls && config.listen().tls().isEmpty()) {
            throw root.wrong(HttpConfig.TLS, "takes the certificate of caretaker.listen.tls, which is missing");
        }
        HttpConfig.Address address = new HttpConfig.Address(host.orElse(DEFAULT_HOST), (int) port.getAsLong());
        Exposure.check(address, allowInsecure, tls, metricsTokens.isPresent());
        boolean served = api.orElseGet(() -> Exposure.isLoopback(address));
        if (served) {
            Exposure.checkApi(HttpConfig.API, address, config.listen(), tls);
        }
        Console shown = console.orElseGet(() -> Exposure.isLoopback(address) ? Console.ON : Console.OFF);
        if (shown != Console.OFF) {
            Exposure.checkApi(HttpConfig.CONSOLE, address, config.listen(), tls);
        }
        return new HttpConfig(Optional.of(address), served, shown, tls, hsts.orElse(tls), metricsTokens);
    }

    private static Console console(Settings root, String text) {
        return switch (text) {
            case "true" -> Console.ON;
            case "false" -> Console.OFF;
            case "read-only" -> Console.READ_ONLY;
            default -> throw root.wrong(HttpConfig.CONSOLE, "has to be true, false or read-only");
        };
    }
}
