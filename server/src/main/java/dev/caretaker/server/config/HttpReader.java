package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code caretaker.http}. */
@Factory
public final class HttpReader {
    private static final String DEFAULT_HOST = "127.0.0.1";

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public HttpConfig read(Environment environment) {
        Settings root = new Settings(environment, "caretaker");
        Optional<String> host = root.text(HttpConfig.HOST);
        OptionalLong port = root.number(HttpConfig.PORT, 0, 65_535);
        boolean allowInsecure = root.flag(HttpConfig.ALLOW_INSECURE);
        if (port.isEmpty()) {
            if (host.isPresent() || allowInsecure) {
                throw root.wrong(HttpConfig.PORT, "is missing");
            }
            return new HttpConfig(Optional.empty());
        }
        HttpConfig.Address address = new HttpConfig.Address(host.orElse(DEFAULT_HOST), (int) port.getAsLong());
        Exposure.check(address, allowInsecure);
        return new HttpConfig(Optional.of(address));
    }
}
