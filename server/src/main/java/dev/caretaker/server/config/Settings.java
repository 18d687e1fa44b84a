package dev.caretaker.server.config;

import io.micronaut.context.env.Environment;
import io.micronaut.context.exceptions.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads values under one key of the configuration; what is wrong is told with its full key. */
final class Settings {
    private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*([kMGT]?)i?B?", Pattern.CASE_INSENSITIVE);

    private final Environment environment;
    private final String prefix;

    Settings(Environment environment, String prefix) {
        this.environment = environment;
        this.prefix = prefix;
    }

    Settings under(String name) {
        return new Settings(environment, key(name));
    }

    String key(String name) {
        return prefix + "." + name;
    }

    Optional<String> text(String name) {
        Optional<String> value = read(name, String.class).map(String::strip);
        if (value.filter(String::isEmpty).isPresent()) {
            throw wrong(name, "is empty");
        }
        return value;
    }

    String required(String name) {
        return text(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    boolean flag(String name) {
        return choice(name).orElse(false);
    }

    /** True, false, or not said. */
    Optional<Boolean> choice(String name) {
        return text(name).map(value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, "must be true or false, not " + value);
        });
    }

    OptionalLong number(String name, long least, long most) {
        return text(name)
                .map(value -> OptionalLong.of(within(name, parse(name, value), least, most)))
                .orElse(OptionalLong.empty());
    }

    /** A small number, or none. */
    Optional<Integer> count(String name, int least, int most) {
        OptionalLong number = number(name, least, most);
        return number.isPresent() ? Optional.of((int) number.getAsLong()) : Optional.empty();
    }

    Optional<Double> decimal(String name, double least, double most) {
        return text(name).map(value -> {
            double number;
            try {
                number = Double.parseDouble(value);
            } catch (NumberFormatException e) {
                throw wrong(name, "is not a number: " + value);
            }
            if (!(number >= least && number <= most)) {
                throw wrong(name, "must lie between " + least + " and " + most);
            }
            return number;
        });
    }

    /** 500ms, 2s, 5m, 1h, 1d, or ISO 8601. */
    Optional<Duration> duration(String name, Duration least, Duration most) {
        return text(name).map(value -> {
            Duration duration = parseDuration(name, value);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw wrong(name, "must lie between " + readable(least) + " and " + readable(most));
            }
            return duration;
        });
    }

    /** A number of bytes, or kB, MB, GB, TB of 1024 each. */
    OptionalLong bytes(String name) {
        return text(name).map(value -> OptionalLong.of(bytesOf(name, value))).orElse(OptionalLong.empty());
    }

    /** The same, of a part of what the key holds. */
    long bytesOf(String name, String value) {
        Matcher matcher = BYTES.matcher(value);
        if (!matcher.matches()) {
            throw wrong(name, "is not a size such as 64MB: " + value);
        }
        int power = " KMGT"
                .indexOf(
                        matcher.group(2).isEmpty()
                                ? ' '
                                : Character.toUpperCase(matcher.group(2).charAt(0)));
        try {
            return Math.multiplyExact(parse(name, matcher.group(1)), 1L << (10 * power));
        } catch (ArithmeticException e) {
            throw wrong(name, "is too large");
        }
    }

    List<String> list(String name) {
        return read(name, String[].class)
                .map(values -> Arrays.stream(values).map(String::strip).toList())
                .orElse(List.of());
    }

    /** A file that must be there. */
    Optional<Path> file(String name) {
        return text(name).map(value -> {
            Path path = Path.of(value);
            if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                throw wrong(name, "cannot read the file " + path);
            }
            return path;
        });
    }

    ConfigException wrong(String name, String description) {
        return new ConfigException(key(name), description);
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        try {
            return environment.getProperty(key(name), type);
        } catch (ConfigurationException e) {
            // A ${placeholder} that nothing answers.
            throw wrong(name, "cannot be resolved: it refers to something that is not set");
        }
    }

    private long parse(String name, String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw wrong(name, "is not a whole number: " + digits);
        }
    }

    private long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw wrong(name, "must lie between " + least + " and " + most);
        }
        return value;
    }

    private Duration parseDuration(String name, String text) {
        return DurationText.parse(text)
                .orElseThrow(() -> wrong(name, "is not a duration such as 500ms, 2s, 1h30m or 90 days: " + text));
    }

    private static String readable(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
