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
    public HttpConfig read(Environment environment, CaretakerConfig config) {
        Settings root = new Settings(environment, "caretaker");
        Optional<String> host = root.text(HttpConfig.HOST);
        OptionalLong port = root.number(HttpConfig.PORT, 0, 65_535);
        boolean allowInsecure = root.flag(HttpConfig.ALLOW_INSECURE);
        Optional<Boolean> api = root.choice(HttpConfig.API);
        if (port.isEmpty()) {
            if (host.isPresent() || allowInsecure || api.isPresent()) {
                throw root.wrong(HttpConfig.PORT, "is missing");
            }
            return new HttpConfig(Optional.empty(), false);
        }
        HttpConfig.Address address = new HttpConfig.Address(host.orElse(DEFAULT_HOST), (int) port.getAsLong());
        Exposure.check(address, allowInsecure);
        boolean served = api.orElseGet(() -> Exposure.isLoopback(address));
        if (served) {
            Exposure.checkApi(address, config.listen());
        }
        return new HttpConfig(Optional.of(address), served);
    }
}
