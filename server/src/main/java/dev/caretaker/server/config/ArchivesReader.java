package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads {@code caretaker.archives}. */
@Factory
public final class ArchivesReader {
    private static final String ROOT = "archives";
    private static final String DESTINATIONS = "archives.destinations";
    private static final Set<String> KEYS = Set.of(
            "archives.spool",
            "archives.seal-wait",
            "archives.spool-limit",
            "archives.parquet-driver",
            "archives.parquet-memory",
            DESTINATIONS);
    private static final Set<String> DESTINATION = Set.of(
            "type",
            "path",
            "bucket",
            "prefix",
            "region",
            "endpoint",
            "path-style",
            "access-key",
            "access-key-env",
            "access-key-file",
            "secret-key-env",
            "secret-key-file",
            "session-token-env",
            "session-token-file",
            "checksums",
            "conditional-writes",
            "multipart-size",
            "server-side-encryption",
            "kms-key-id",
            "schema",
            "table-name",
            "indexes");
    private static final String KMS = "aws:kms";
    private static final List<String> ENCRYPTIONS = List.of("AES256", KMS, KMS + ":dsse");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /** Amazon's least for all but the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html. */
    private static final long LEAST_MULTIPART = 5L << 20;

    private static final long MOST_MULTIPART = 5L << 30;
    private static final long USUAL_MULTIPART = 64L << 20;

    /** Some parts of the usual size, so that batches go on while one is carried. */
    private static final long USUAL_SPOOL = 4L << 30;

    /** DuckDB needs some ten MB a thread, and row groups are in memory until they are written. */
    private static final long LEAST_PARQUET = 64L << 20;

    private static final long USUAL_PARQUET = 256L << 20;

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public ArchivesConfig read(Environment environment, CaretakerConfig caretaker) {
        return read(environment, caretaker.dataDir(), System::getenv);
    }

    /** @param variable value of an environment variable, null if it is not set */
    static ArchivesConfig read(Environment environment, Path dataDir, UnaryOperator<String> variable) {
        Settings root = new Settings(environment, "caretaker").under(ROOT);
        Problems problems = new Problems();
        SortedMap<String, DestinationConfig> destinations = new TreeMap<>();
        for (String name : new TreeSet<>(environment.getPropertyEntries(root.key("destinations")))) {
            Settings settings = root.under("destinations");
            problems.of(() -> {
                        if (!NAME.matcher(name).matches()) {
                            throw settings.wrong(
                                    name, "a name has lower-case letters, digits and inner hyphens, at most 63");
                        }
                        return destination(name, settings.under(name), variable);
                    })
                    .ifPresent(destination -> destinations.put(name, destination));
        }
        problems.require();
        return new ArchivesConfig(
                root.text("spool").map(Path::of).orElse(dataDir.resolve("spool")),
                root.duration("seal-wait", Duration.ZERO, Duration.ofMinutes(4)).orElse(Duration.ofSeconds(30)),
                root.bytes("spool-limit").orElse(USUAL_SPOOL),
                root.text("parquet-driver").map(Path::of).orElse(dataDir.resolve("drivers")),
                parquetMemory(root),
                destinations);
    }

    private static long parquetMemory(Settings root) {
        long bytes = root.bytes("parquet-memory").orElse(USUAL_PARQUET);
        if (bytes < LEAST_PARQUET) {
            throw root.wrong("parquet-memory", "must be at least 64MB");
        }
        return bytes;
    }

    /** Whether a key below {@code caretaker} is one of these. */
    static boolean owns(String key) {
        String[] words = key.split("\\.", 4);
        return KEYS.contains(key) && !isSection(key)
                || words.length == 4 && key.startsWith(DESTINATIONS + ".") && DESTINATION.contains(words[3]);
    }

    private static boolean isSection(String key) {
        return key.equals(DESTINATIONS);
    }

    /** Its keys below {@code caretaker}; below the last stand names of destinations. */
    static Set<String> keys() {
        return KEYS;
    }

    /** Keys of one destination. */
    static Set<String> destinationKeys() {
        return DESTINATION;
    }

    private static DestinationConfig destination(String name, Settings settings, UnaryOperator<String> variable) {
        String type = settings.required("type");
        return switch (type) {
            case "directory" -> new DestinationConfig.Directory(name, directory(settings));
            case "s3" -> bucket(name, settings, variable);
            case "table" ->
                new DestinationConfig.Table(
                        name,
                        settings.text("schema"),
                        settings.text("table-name").orElse("{table}_archive"),
                        settings.flag("indexes"));
            default -> throw settings.wrong("type", "give directory, s3 or table, not " + type);
        };
    }

    /** Nothing makes it: where a disk is not mounted, archives must not land on another one. */
    private static Path directory(Settings settings) {
        Path path = Path.of(settings.required("path")).toAbsolutePath();
        if (!Files.isDirectory(path)) {
            throw settings.wrong("path", "is not a folder that is there: " + path);
        }
        return path;
    }

    private static DestinationConfig.S3 bucket(String name, Settings settings, UnaryOperator<String> variable) {
        String prefix = settings.text("prefix").orElse("");
        long multipart = settings.bytes("multipart-size").orElse(USUAL_MULTIPART);
        if (multipart < LEAST_MULTIPART || multipart > MOST_MULTIPART) {
            throw settings.wrong("multipart-size", "must lie between 5MB and 5GB");
        }
        return new DestinationConfig.S3(
                name,
                settings.required("bucket"),
                prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                settings.text("region").orElse("us-east-1"),
                settings.text("endpoint").map(text -> endpoint(settings, text)),
                settings.flag("path-style"),
                keys(settings, variable),
                settings.text("checksums").isEmpty() || settings.flag("checksums"),
                settings.text("conditional-writes").isEmpty() || settings.flag("conditional-writes"),
                multipart,
                encryption(settings));
    }

    private static Optional<DestinationConfig.S3.Encryption> encryption(Settings settings) {
        Optional<String> key = settings.text("kms-key-id");
        Optional<String> algorithm = settings.text("server-side-encryption");
        algorithm.filter(name -> !ENCRYPTIONS.contains(name)).ifPresent(name -> {
            throw settings.wrong(
                    "server-side-encryption", "give one of " + String.join(", ", ENCRYPTIONS) + ", not " + name);
        });
        if (key.isPresent() && algorithm.filter(name -> name.startsWith(KMS)).isEmpty()) {
            throw settings.wrong("kms-key-id", "needs server-side-encryption: " + KMS);
        }
        return algorithm.map(name -> new DestinationConfig.S3.Encryption(name, key));
    }

    private static URI endpoint(Settings settings, String text) {
        NotificationsReader.problem(text).ifPresent(problem -> {
            throw settings.wrong("endpoint", problem);
        });
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw settings.wrong("endpoint", "is not a URL");
        }
    }

    private static Optional<DestinationConfig.S3.Keys> keys(Settings settings, UnaryOperator<String> variable) {
        Optional<Secret> access = NotificationsReader.secret(settings, "access-key", variable);
        Optional<Secret> secret = NotificationsReader.secret(settings, "secret-key", variable);
        Optional<Secret> session = NotificationsReader.secret(settings, "session-token", variable);
        if (access.isEmpty() && secret.isEmpty() && session.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DestinationConfig.S3.Keys(
                access.orElseThrow(() -> settings.wrong("access-key-file", "is missing, or access-key-env")),
                secret.orElseThrow(() -> settings.wrong("secret-key-file", "is missing, or secret-key-env")),
                session));
    }
}
