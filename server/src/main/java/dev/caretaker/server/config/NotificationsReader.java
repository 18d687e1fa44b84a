package dev.caretaker.server.config;

import dev.caretaker.server.config.ChannelConfig.Tls;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.config.NotificationsConfig.Rule;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code caretaker.notifications}. */
@Factory
public final class NotificationsReader {
    private static final String ROOT = "notifications";
    private static final Set<String> KEYS = Set.of(
            "notifications.source",
            "notifications.retention",
            "notifications.attempts",
            "notifications.retry-after",
            "notifications.unreachable-after",
            "notifications.paused-after",
            "notifications.channels",
            "notifications.rules");
    private static final Set<String> CHANNEL = Set.of(
            "type",
            "url",
            "url-env",
            "url-file",
            "secret-env",
            "secret-file",
            "allow-private",
            "ca-file",
            "timeout",
            "path",
            "host",
            "port",
            "tls",
            "user",
            "user-env",
            "user-file",
            "password-env",
            "password-file",
            "from",
            "to",
            "schedules",
            "every");
    private static final Set<String> RULE = Set.of(
            "events",
            "severity",
            "targets",
            "channels",
            "repeat",
            "resolved",
            "group-wait",
            "group-by",
            "digest",
            "at",
            "day",
            "zone",
            "when-empty");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
    private static final Duration MONTH = Duration.ofDays(30);
    /** Retries go on for 18 hours. */
    private static final Duration LEAST_RETENTION = Duration.ofDays(2);

    /** What is wrong with a retention of notifications, as a clause. */
    static final String TOO_SHORT = "is shorter than what a digest tells of, and a day";

    private static final Duration YEARS = Duration.ofDays(36_500);
    private static final int USUAL_ATTEMPTS = 8;

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public NotificationsConfig read(Environment environment) {
        return read(environment, System::getenv);
    }

    /** @param variable value of an environment variable, null if it is not set */
    static NotificationsConfig read(Environment environment, UnaryOperator<String> variable) {
        Settings root = new Settings(environment, "caretaker").under(ROOT);
        Problems problems = new Problems();
        SortedMap<String, ChannelConfig> channels = new TreeMap<>();
        Set<String> wrong = new TreeSet<>();
        for (String name : names(environment, root, "channels")) {
            problems.of(() -> channel(name, root.under("channels").under(name), variable))
                    .ifPresentOrElse(channel -> channels.put(name, channel), () -> wrong.add(name));
        }
        List<Rule> rules = new ArrayList<>();
        for (String name : names(environment, root, "rules")) {
            problems.of(() -> rule(name, root.under("rules").under(name), channels, wrong))
                    .ifPresent(rules::add);
        }
        problems.require();
        Duration retention = root.duration("retention", LEAST_RETENTION, YEARS).orElse(MONTH);
        NotificationsConfig config = new NotificationsConfig(
                root.text("source").map(text -> source(root, text)).orElse(URI.create("/caretaker")),
                retention,
                (int) root.number("attempts", 1, 100).orElse(USUAL_ATTEMPTS),
                root.duration("retry-after", Duration.ofMillis(100), Duration.ofHours(1))
                        .orElse(Duration.ofSeconds(5)),
                root.duration("unreachable-after", Duration.ofSeconds(1), Duration.ofDays(1))
                        .orElse(Duration.ofMinutes(5)),
                root.duration("paused-after", Duration.ofSeconds(1), Duration.ofDays(30))
                        .orElse(Duration.ofHours(1)),
                channels,
                rules.isEmpty() ? everything(channels) : rules);
        if (retention.compareTo(config.leastRetention()) < 0) {
            throw root.wrong("retention", TOO_SHORT);
        }
        return config;
    }

    /** Whether a key below {@code caretaker} is one of these. */
    static boolean owns(String key) {
        String[] words = key.split("\\.", 4);
        return KEYS.contains(key) && words.length == 2 && !isSection(key)
                || words.length == 4
                        && words[0].equals(ROOT)
                        && (words[1].equals("channels") && CHANNEL.contains(words[3])
                                || words[1].equals("rules") && RULE.contains(words[3]));
    }

    /** Keys of one channel. */
    static Set<String> channelKeys() {
        return CHANNEL;
    }

    /** Keys of one rule. */
    static Set<String> ruleKeys() {
        return RULE;
    }

    static boolean isSection(String key) {
        return key.equals("notifications.channels") || key.equals("notifications.rules");
    }

    /** Its keys below {@code caretaker}; below the last two stand names of channels and rules. */
    static Set<String> keys() {
        return KEYS;
    }

    private static Set<String> names(Environment environment, Settings root, String section) {
        Set<String> names = new TreeSet<>(environment.getPropertyEntries(root.key(section)));
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw root.under(section)
                        .wrong(name, "a name has lower-case letters, digits and inner hyphens, at most 63");
            }
        }
        return names;
    }

    private static URI source(Settings root, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw root.wrong("source", "is not a URI or the path of one: " + text);
        }
    }

    private static ChannelConfig channel(String name, Settings settings, UnaryOperator<String> variable) {
        String type = settings.required("type");
        return switch (type) {
            case "webhook" ->
                new ChannelConfig.Webhook(
                        name,
                        receiver(settings, variable),
                        secret(settings, "secret", variable)
                                .orElseThrow(() -> settings.wrong("secret-file", "is missing, or secret-env")));
            case "slack" -> new ChannelConfig.Slack(name, receiver(settings, variable));
            case "file" -> new ChannelConfig.Lines(name, path(settings));
            case "email" -> email(name, settings, variable);
            case "heartbeat" -> heartbeat(name, settings, variable);
            default -> throw settings.wrong("type", "give webhook, slack, email, file or heartbeat, not " + type);
        };
    }

    private static ChannelConfig heartbeat(String name, Settings settings, UnaryOperator<String> variable) {
        List<String> schedules = settings.list("schedules");
        Optional<Duration> every = settings.duration("every", Duration.ofSeconds(1), Duration.ofDays(1));
        if (schedules.isEmpty() && every.isEmpty()) {
            throw settings.wrong("every", "is missing, or schedules");
        }
        return new ChannelConfig.Heartbeat(name, receiver(settings, variable), schedules, every);
    }

    private static ChannelConfig.Receiver receiver(Settings settings, UnaryOperator<String> variable) {
        Secret url = secret(settings, "url", variable).orElseThrow(() -> settings.wrong("url", "is missing"));
        problem(url.reveal()).ifPresent(problem -> {
            throw settings.wrong("url", problem);
        });
        return new ChannelConfig.Receiver(
                url,
                settings.flag("allow-private"),
                authority(settings),
                settings.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(1))
                        .orElse(Duration.ofSeconds(10)));
    }

    private static ChannelConfig email(String name, Settings settings, UnaryOperator<String> variable) {
        Tls tls = tls(settings);
        boolean allowPrivate = settings.flag("allow-private");
        if (tls == Tls.NONE && !allowPrivate) {
            throw settings.wrong("tls", "none is for private addresses only, which allow-private: true allows");
        }
        List<String> to = settings.list("to");
        if (to.isEmpty()) {
            throw settings.wrong("to", "is missing");
        }
        to.forEach(address -> requireAddress(settings, "to", address));
        String from = settings.required("from");
        requireAddress(settings, "from", from);
        ChannelConfig.MailServer server = new ChannelConfig.MailServer(
                host(settings),
                (int) settings.number("port", 1, 65_535).orElse(tls.port()),
                tls,
                allowPrivate,
                authority(settings),
                settings.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(5))
                        .orElse(Duration.ofSeconds(30)));
        return new ChannelConfig.Email(name, server, login(settings, variable), from, to);
    }

    private static Tls tls(Settings settings) {
        String text = settings.text("tls").orElse("starttls");
        return switch (text) {
            case "starttls", "tls", "none" -> Tls.valueOf(text.toUpperCase(Locale.ROOT));
            default -> throw settings.wrong("tls", "give starttls, tls or none, not " + text);
        };
    }

    private static String host(Settings settings) {
        String host = settings.required("host");
        if (!HOST.matcher(host).matches()) {
            throw settings.wrong("host", "is not the name or address of a host: " + host);
        }
        return host;
    }

    private static Optional<ChannelConfig.Login> login(Settings settings, UnaryOperator<String> variable) {
        Optional<Secret> user = secret(settings, "user", variable);
        Optional<Secret> password = secret(settings, "password", variable);
        if (user.isPresent() != password.isPresent()) {
            throw settings.wrong(user.isPresent() ? "password-file" : "user", "is missing");
        }
        return user.map(name -> new ChannelConfig.Login(name, password.orElseThrow()));
    }

    private static void requireAddress(Settings settings, String key, String text) {
        try {
            InternetAddress address = new InternetAddress(text, true);
            if (!address.getAddress().contains("@") || text.chars().anyMatch(Character::isISOControl)) {
                throw settings.wrong(key, "is not an address such as ops@example.org: " + text);
            }
        } catch (AddressException e) {
            throw settings.wrong(key, "is not an address such as ops@example.org: " + text);
        }
    }

    private static Optional<Secret.InFile> authority(Settings settings) {
        return settings.file("ca-file").map(path -> new Secret.InFile(settings.key("ca-file"), path));
    }

    /** What is wrong with a URL, a clause that does not quote it; empty if nothing is. */
    public static Optional<String> problem(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http || url.getHost() == null) {
                return Optional.of("is not an http or https URL");
            }
            return url.getRawUserInfo() == null
                    ? Optional.empty()
                    : Optional.of("has a user in it, which is not supported");
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL");
        }
    }

    private static Path path(Settings settings) {
        Path path = Path.of(settings.required("path")).toAbsolutePath();
        if (path.getParent() == null || Files.isDirectory(path)) {
            throw settings.wrong("path", "is a folder, and not a file: " + path);
        }
        return path;
    }

    /** One of {@code name}, {@code name-env} and {@code name-file}. */
    static Optional<Secret> secret(Settings settings, String name, UnaryOperator<String> variable) {
        List<Secret> given = new ArrayList<>();
        settings.text(name).map(Secret.Text::new).ifPresent(given::add);
        settings.text(name + "-env").ifPresent(wanted -> {
            String value = variable.apply(wanted);
            if (value == null) {
                throw settings.wrong(name + "-env", "the environment has no variable " + wanted);
            }
            given.add(new Secret.Text(value));
        });
        settings.file(name + "-file")
                .ifPresent(path -> given.add(new Secret.InFile(settings.key(name + "-file"), path)));
        if (given.size() > 1) {
            throw settings.wrong(name, "is given more than once");
        }
        return given.stream().findFirst();
    }

    /** @param wrong channels of which it is known that something is wrong with them */
    private static Rule rule(
            String name, Settings settings, SortedMap<String, ChannelConfig> channels, Set<String> wrong) {
        List<String> to = settings.list("channels");
        if (to.isEmpty()) {
            throw settings.wrong("channels", "is missing");
        }
        for (String channel : to) {
            boolean told = channels.containsKey(channel) && !(channels.get(channel) instanceof ChannelConfig.Heartbeat);
            if (!told && !wrong.contains(channel)) {
                throw settings.wrong("channels", "there is no channel " + channel + " that is told of events");
            }
        }
        Set<NotificationEvent> events = EnumSet.noneOf(NotificationEvent.class);
        settings.list("events")
                .forEach(text -> events.add(NotificationEvent.of(text)
                        .filter(NotificationEvent::isForRules)
                        .orElseThrow(() -> settings.wrong("events", text + " is not known; known are " + known()))));
        return new Rule(
                name,
                events,
                settings.text("severity").map(text -> severity(settings, text)).orElse(Severity.INFO),
                Set.copyOf(settings.list("targets")),
                to,
                settings.duration("repeat", Duration.ofSeconds(1), Duration.ofDays(366)),
                settings.text("resolved").isEmpty() || settings.flag("resolved"),
                GroupingReader.read(settings));
    }

    private static String known() {
        return Arrays.stream(NotificationEvent.values())
                .filter(NotificationEvent::isForRules)
                .map(NotificationEvent::text)
                .collect(Collectors.joining(", "));
    }

    private static Severity severity(Settings settings, String text) {
        return switch (text) {
            case "info", "warning", "critical" -> Severity.valueOf(text.toUpperCase(Locale.ROOT));
            default -> throw settings.wrong("severity", "give info, warning or critical, not " + text);
        };
    }

    /** Without rules every channel that is told of events is told of all. */
    private static List<Rule> everything(SortedMap<String, ChannelConfig> channels) {
        List<String> told = channels.values().stream()
                .filter(channel -> !(channel instanceof ChannelConfig.Heartbeat))
                .map(ChannelConfig::name)
                .toList();
        return told.isEmpty()
                ? List.of()
                : List.of(new Rule(
                        "everything",
                        Set.of(),
                        Severity.INFO,
                        Set.of(),
                        told,
                        Optional.empty(),
                        true,
                        Optional.empty()));
    }
}
