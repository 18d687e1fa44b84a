package dev.caretaker.server.config;

import dev.caretaker.server.error.Similar;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.SystemPropertiesPropertySource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/**
 * Which keys there are. A key that nothing reads is an error, since it is most likely a slip of the pen; environment
 * variables and system properties are exempt: one variable stands for several keys, and the launcher has properties of its
 * own.
 */
final class ConfigKeys {
    private static final String ROOT = "caretaker.";
    private static final String TARGETS = ROOT + "targets.";
    private static final Set<String> SERVER = Set.of(
            "listen.host",
            "listen.port",
            "listen.tls.certificate",
            "listen.tls.key",
            "listen.tls.client-ca",
            "listen.tokens-file",
            "listen.allow-insecure",
            "control-store.url",
            "control-store.user",
            "control-store.password",
            "control-store.password-env",
            "control-store.password-file",
            "control-store.connections",
            "data-dir",
            "connections-per-server",
            HttpConfig.HOST,
            HttpConfig.PORT,
            HttpConfig.ALLOW_INSECURE,
            ReportsConfig.DIRECTORY,
            ReportsConfig.RETENTION,
            HttpConfig.API,
            HttpConfig.CONSOLE,
            HttpConfig.TLS,
            HttpConfig.HSTS,
            HttpConfig.METRICS_TOKENS,
            SchedulesConfig.FIRE_RETENTION,
            TracingConfig.ENDPOINT,
            TracingConfig.BATCH_RATIO,
            LogConfig.FORMAT);
    private static final Set<String> TARGET = Set.of(
            "url",
            "replica-url",
            "user",
            "password",
            "password-env",
            "password-file",
            "schemas",
            "lock-timeout",
            "statement-timeout",
            "free-disk-space",
            "act-as",
            GrowthConfig.DISK_SIZE,
            GrowthConfig.TABLE_LIMIT,
            GrowthConfig.TABLE_LIMITS,
            BackupToolsConfig.EXPECT_WITHIN,
            BackupToolsConfig.EXPECT_VERIFIED_WITHIN,
            BackupToolsConfig.KEEP,
            BackupToolsConfig.KEEP_LAST,
            BackupToolsConfig.STANZA,
            BackupToolsConfig.BARMAN_SERVER,
            "backups.pgbackrest-config",
            "backups.barman-config",
            "backups.wal-g-config",
            "tuning.pace",
            "tuning.batch-target",
            "tuning.max-rows-per-second",
            "tuning.pause-ratio",
            "tuning.max-replication-lag",
            "tuning.max-wal-per-second",
            "tuning.max-lock-waiters");
    private static final String DRIVER = "driver-properties.";
    private static final String ROUTINES = ROOT + "routines.";
    private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    private final Environment environment;

    ConfigKeys(Environment environment) {
        this.environment = environment;
    }

    private static boolean isServer(String key) {
        return SERVER.contains(key)
                || EngineConfig.keys().contains(key)
                || ChecksReader.owns(key)
                || RoutinesReader.owns(key)
                || NotificationsReader.owns(key)
                || ArchivesReader.owns(key)
                || GrowthConfig.KEYS.contains(key)
                || BackupToolsConfig.KEYS.contains(key)
                || RetentionConfig.keys().contains(key);
    }

    static Set<String> server() {
        Set<String> all = new TreeSet<>(SERVER);
        all.addAll(EngineConfig.keys());
        all.addAll(ChecksReader.keys());
        all.addAll(NotificationsReader.keys());
        all.addAll(ArchivesReader.keys());
        all.addAll(GrowthConfig.KEYS);
        all.addAll(BackupToolsConfig.KEYS);
        all.addAll(RetentionConfig.keys());
        all.add("targets");
        all.add("routines");
        return all;
    }

    static Set<String> target() {
        Set<String> all = new TreeSet<>(TARGET);
        all.add("driver-properties");
        return all;
    }

    /** A section without a line in it, such as {@code targets:} before the first target is written. */
    private static boolean isEmptySection(PropertySource source, String key) {
        Object value = source.get(key);
        boolean empty = value == null || value instanceof Map<?, ?> entries && entries.isEmpty();
        return empty && isSection(key);
    }

    private static boolean isSection(String key) {
        if (key.startsWith(TARGETS)) {
            String own = key.substring(key.indexOf('.', TARGETS.length()) + 1);
            return target().stream().anyMatch(known -> known.startsWith(own + ".")) || DRIVER.equals(own + ".");
        }
        return key.startsWith(ROUTINES)
                ? RoutinesReader.isSection(key.substring(ROUTINES.length()))
                : server().stream()
                        .map(ROOT::concat)
                        .anyMatch(known -> known.equals(key) || known.startsWith(key + "."));
    }

    /** Names of all targets; a key that nothing reads is a problem. */
    SortedSet<String> targets(Problems problems) {
        SortedSet<String> names = new TreeSet<>();
        SortedSet<String> wrong = new TreeSet<>();
        for (PropertySource source : files()) {
            for (String raw : source) {
                String key = raw.replaceAll("\\[\\d+]$", "");
                if (!key.startsWith(ROOT) || isEmptySection(source, key)) {
                    continue;
                }
                if (key.startsWith(TARGETS)) {
                    problems.of(() -> targetOf(key)).ifPresentOrElse(names::add, () -> wrong.add(key));
                } else if (!isServer(key.substring(ROOT.length()))) {
                    problems.of(() -> {
                        throw unknown(key);
                    });
                }
            }
        }
        if (wrong.isEmpty()) { // else what is wrong would come once more, as it is written elsewhere
            // A target may be given by environment variables alone; what else they could mean has no URL.
            environment.getPropertyEntries("caretaker.targets").stream()
                    .filter(name -> name.matches(NAME) && environment.containsProperty(TARGETS + name + ".url"))
                    .forEach(names::add);
        }
        return names;
    }

    /** Driver properties of a target, by the driver's own names. */
    Map<String, String> driverProperties(String target) {
        String prefix = TARGETS + target + "." + DRIVER;
        Map<String, String> properties = new TreeMap<>();
        // Later sources win.
        files().forEach(source -> source.forEach(key -> {
            if (key.startsWith(prefix)) {
                properties.put(
                        key.substring(prefix.length()),
                        environment
                                .getPlaceholderResolver()
                                .resolveRequiredPlaceholders(String.valueOf(source.get(key))));
            }
        }));
        return properties;
    }

    /** Sources whose keys mean just one thing each and are Caretaker's alone, the weakest first. */
    private List<PropertySource> files() {
        return environment.getPropertySources().stream()
                .filter(source -> source.getConvention() != PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE
                        && !(source instanceof SystemPropertiesPropertySource))
                .sorted(Comparator.comparingInt(PropertySource::getOrder))
                .toList();
    }

    private static String targetOf(String key) {
        String rest = key.substring(TARGETS.length());
        int dot = rest.indexOf('.');
        String name = dot < 0 ? rest : rest.substring(0, dot);
        if (!name.matches(NAME)) {
            throw new ConfigException(
                    TARGETS + name, "a target's name has lower-case letters, digits and inner hyphens, at most 63");
        }
        if (dot < 0) {
            throw new ConfigException(TARGETS + name, "has no url");
        }
        String own = rest.substring(dot + 1);
        if (own.startsWith(DRIVER)) {
            requireDriverProperty(key, own.substring(DRIVER.length()));
        } else if (!TARGET.contains(own)) {
            throw unknown(key, target(), TARGETS + name + ".");
        }
        return name;
    }

    private static void requireDriverProperty(String key, String property) {
        if (property.equals(PGProperty.USER.getName()) || property.equals(PGProperty.PASSWORD.getName())) {
            throw new ConfigException(key, "belongs one level higher");
        }
        if (PGProperty.forName(property) == null) {
            throw new ConfigException(key, "is not a connection property of the PostgreSQL JDBC driver");
        }
    }

    /** Sections below which stand names that people choose, and below these keys that are known. */
    private static Map<String, Set<String>> named() {
        return Map.of(
                ROUTINES,
                RoutinesReader.keys(),
                ROOT + "archives.destinations.",
                ArchivesReader.destinationKeys(),
                ROOT + "notifications.channels.",
                NotificationsReader.channelKeys(),
                ROOT + "notifications.rules.",
                NotificationsReader.ruleKeys());
    }

    private static ConfigException unknown(String key) {
        for (Map.Entry<String, Set<String>> section : named().entrySet()) {
            if (key.startsWith(section.getKey())) {
                int dot = key.indexOf('.', section.getKey().length());
                Set<String> keys = section.getValue();
                return dot < 0
                        ? new ConfigException(key, "needs keys below it: " + String.join(", ", firstWords(keys)))
                        : unknown(key, keys, key.substring(0, dot + 1));
            }
        }
        return unknown(key, server(), ROOT);
    }

    private static SortedSet<String> firstWords(Set<String> keys) {
        return keys.stream().map(key -> key.replaceAll("\\..*", "")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names the first word of the key that is wrong, and what could stand in its place. */
    private static ConfigException unknown(String key, Set<String> known, String prefix) {
        String wrong = key;
        SortedSet<String> siblings = siblings(wrong, known, prefix);
        while (siblings.isEmpty() && wrong.lastIndexOf('.') > prefix.length()) {
            wrong = wrong.substring(0, wrong.lastIndexOf('.'));
            siblings = siblings(wrong, known, prefix);
        }
        String last = wrong.substring(wrong.lastIndexOf('.') + 1);
        return new ConfigException(
                wrong,
                "is not known; known here are " + String.join(", ", siblings) + Similar.question(last, siblings));
    }

    private static SortedSet<String> siblings(String key, Set<String> known, String prefix) {
        String parent = key.substring(0, key.lastIndexOf('.') + 1);
        SortedSet<String> siblings = new TreeSet<>();
        for (String candidate : known) {
            if ((prefix + candidate).startsWith(parent)) {
                siblings.add((prefix + candidate).substring(parent.length()).replaceAll("\\..*", ""));
            }
        }
        return siblings;
    }
}
