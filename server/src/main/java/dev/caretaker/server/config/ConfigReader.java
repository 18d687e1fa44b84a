package dev.caretaker.server.config;

import dev.caretaker.server.config.TargetConfig.TuningConfig;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Reads the configuration from what Micronaut has gathered: the file, and over it environment variables. */
@Factory
public final class ConfigReader {
    private static final List<String> PACES = List.of("adaptive", "fast", "polite");
    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 7420;
    private static final String DEFAULT_DATA_DIR = "./caretaker-data";
    private static final Duration LEAST_LOCK_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MOST_LOCK_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LEAST_STATEMENT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MOST_STATEMENT_TIMEOUT = Duration.ofDays(7);
    private static final Duration LEAST_BATCH = Duration.ofMillis(10);
    private static final Duration MOST_BATCH = Duration.ofSeconds(10);
    private static final double MOST_PAUSE_RATIO = 100;
    /** One for a batch that waits for its journal, one for all else. */
    private static final int LEAST_CONNECTIONS = 2;

    private static final int LEAST_PER_SERVER = 4;

    private static final int MOST_CONNECTIONS = 500;
    /** The embedded Postgres accepts 40, of which some are for people who look into it. */
    private static final int MOST_EMBEDDED_CONNECTIONS = 32;

    /**
     * Reads and checks all of it.
     *
     * @throws ConfigException if anything is wrong
     */
    @Singleton
    public CaretakerConfig read(Environment environment) {
        return read(environment, System::getenv);
    }

    /**
     * @param variable value of an environment variable, null if it is not set
     */
    static CaretakerConfig read(Environment environment, UnaryOperator<String> variable) {
        ConfigKeys keys = new ConfigKeys(environment);
        Settings root = new Settings(environment, "caretaker");
        Problems problems = new Problems();
        SortedMap<String, TargetConfig> targets = new TreeMap<>();
        for (String name : keys.targets(problems)) {
            problems.of(() -> target(name, root.under("targets").under(name), keys, variable))
                    .ifPresent(target -> targets.put(name, target));
        }
        Settings store = root.under("control-store");
        Optional<Optional<ControlStoreConfig>> controlStore = problems.of(() -> controlStore(store, variable));
        Optional<ListenConfig> listen = problems.of(() -> listen(root.under("listen")));
        Optional<CaretakerConfig> config =
                listen.flatMap(address -> controlStore.flatMap(place -> problems.of(() -> new CaretakerConfig(
                        address,
                        place,
                        connections(store, place.isPresent() ? MOST_CONNECTIONS : MOST_EMBEDDED_CONNECTIONS),
                        Path.of(root.text("data-dir").orElse(DEFAULT_DATA_DIR)),
                        (int) root.number("connections-per-server", LEAST_PER_SERVER, MOST_CONNECTIONS)
                                .orElse(0),
                        targets))));
        problems.require();
        return config.orElseThrow();
    }

    /** The login for checks of operators. Fails with ConfigException if it names no user. */
    @Singleton
    public ChecksLogin checksLogin(Environment environment) {
        Settings settings = new Settings(environment, "caretaker").under(ChecksLogin.KEY);
        Credentials credentials = credentials(settings, System::getenv);
        if (credentials.user().isEmpty() && credentials.password().isPresent()) {
            throw settings.wrong("user", "is missing");
        }
        return new ChecksLogin(credentials.user().map(user -> credentials));
    }

    private static ListenConfig listen(Settings settings) {
        ListenConfig listen = new ListenConfig(
                settings.text("host").orElse(DEFAULT_HOST),
                (int) settings.number("port", 0, 65_535).orElse(DEFAULT_PORT),
                tls(settings.under("tls")),
                settings.file("tokens-file"),
                settings.flag("allow-insecure"));
        Exposure.check(listen);
        return listen;
    }

    private static Optional<ListenConfig.Tls> tls(Settings settings) {
        Optional<Path> certificate = settings.file("certificate");
        Optional<Path> key = settings.file("key");
        Optional<Path> clientCa = settings.file("client-ca");
        if (certificate.isEmpty() && key.isEmpty() && clientCa.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ListenConfig.Tls(
                certificate.orElseThrow(() -> settings.wrong("certificate", "is missing")),
                key.orElseThrow(() -> settings.wrong("key", "is missing")),
                clientCa));
    }

    private static Optional<ControlStoreConfig> controlStore(Settings settings, UnaryOperator<String> variable) {
        Credentials credentials = credentials(settings, variable);
        if (settings.text("url").isEmpty()) {
            if (credentials.user().isPresent() || credentials.password().isPresent()) {
                throw settings.wrong("url", "is missing");
            }
            return Optional.empty();
        }
        return Optional.of(new ControlStoreConfig(url(settings, "url"), credentials));
    }

    private static int connections(Settings store, int most) {
        return (int)
                store.number("connections", LEAST_CONNECTIONS, most).orElse(ControlStoreConfig.DEFAULT_CONNECTIONS);
    }

    private static TargetConfig target(
            String name, Settings settings, ConfigKeys keys, UnaryOperator<String> variable) {
        settings.required("url");
        return new TargetConfig(
                name,
                url(settings, "url"),
                settings.text("replica-url").map(given -> url(settings, "replica-url")),
                credentials(settings, variable),
                settings.list("schemas"),
                keys.driverProperties(name),
                settings.duration("lock-timeout", LEAST_LOCK_TIMEOUT, MOST_LOCK_TIMEOUT)
                        .orElse(TargetConfig.DEFAULT_LOCK_TIMEOUT),
                settings.duration("statement-timeout", LEAST_STATEMENT_TIMEOUT, MOST_STATEMENT_TIMEOUT)
                        .orElse(TargetConfig.DEFAULT_STATEMENT_TIMEOUT),
                settings.bytes("free-disk-space"),
                tuning(settings.under("tuning")),
                actsAsOwner(settings));
    }

    private static boolean actsAsOwner(Settings settings) {
        String who = settings.text("act-as").orElse("login");
        return switch (who) {
            case "login" -> false;
            case "owner" -> true;
            default -> throw settings.wrong("act-as", "give login or owner");
        };
    }

    private static TuningConfig tuning(Settings settings) {
        Optional<Double> pauseRatio = settings.decimal("pause-ratio", 0, MOST_PAUSE_RATIO);
        OptionalLong waiters = settings.number("max-lock-waiters", 0, Integer.MAX_VALUE);
        Optional<String> pace = settings.text("pace");
        if (pace.isPresent() && !PACES.contains(pace.get())) {
            throw settings.wrong("pace", "must be one of " + String.join(", ", PACES));
        }
        return new TuningConfig(
                pace,
                settings.duration("batch-target", LEAST_BATCH, MOST_BATCH),
                settings.number("max-rows-per-second", 0, Long.MAX_VALUE),
                pauseRatio.isPresent() ? OptionalDouble.of(pauseRatio.get()) : OptionalDouble.empty(),
                settings.bytes("max-replication-lag"),
                settings.bytes("max-wal-per-second"),
                waiters.isPresent() ? OptionalInt.of((int) waiters.getAsLong()) : OptionalInt.empty());
    }

    private static String url(Settings settings, String name) {
        String url = settings.required(name);
        PostgresUrl.of(settings.key(name), url);
        return url;
    }

    private static Credentials credentials(Settings settings, UnaryOperator<String> variable) {
        Optional<Secret> plain = settings.text("password").map(Secret.Text::new);
        Optional<Secret> fromVariable = settings.text("password-env").map(name -> {
            String value = variable.apply(name);
            if (value == null) {
                throw settings.wrong("password-env", "the environment has no variable " + name);
            }
            return new Secret.Text(value);
        });
        Optional<Secret> fromFile =
                settings.file("password-file").map(path -> new Secret.InFile(settings.key("password-file"), path));
        if (plain.isPresent() && (fromVariable.isPresent() || fromFile.isPresent())
                || fromVariable.isPresent() && fromFile.isPresent()) {
            throw settings.wrong("password", "give only one of password, password-env and password-file");
        }
        return new Credentials(
                settings.text("user"), plain.or(() -> fromVariable).or(() -> fromFile));
    }
}
