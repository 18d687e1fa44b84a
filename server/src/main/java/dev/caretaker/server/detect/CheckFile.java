package dev.caretaker.server.detect;

import dev.caretaker.server.detect.Check.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the file of a check: a header of comment lines, then one SELECT. A line {@code -- key: value} begins an entry,
 * {@code --   text} goes on with it. Keys: id, title, category, severity, confidence, impact, reads, on-request, for,
 * blocks, quotes, needs, threshold, meaning, remedy; needs and threshold may occur more than once.
 */
public final class CheckFile {
    /** Parameters that every check may use, whatever it runs for. */
    static final Set<String> FEEDS = Set.of(
            "locked",
            "policies",
            "history",
            "replica_index_scans",
            "partition_sets",
            "conversions",
            "debts",
            "bad_files",
            "schedules",
            "notifications",
            "growth",
            "archives",
            "backups");

    /** Names that every check may write as {@code @name@} for a piece of SQL, and the resource that holds it. */
    static final Map<String, String> PIECES = Map.of(
            "range_partitions", "detect/range_partitions",
            "storage_parameters", "target/storage_parameters",
            "key_indexes", "target/key_indexes");

    private static final Set<String> KEYS = Set.of(
            "id",
            "title",
            "category",
            "severity",
            "confidence",
            "impact",
            "reads",
            "on-request",
            "for",
            "blocks",
            "quotes",
            "needs",
            "threshold",
            "meaning",
            "remedy");
    private static final Pattern ENTRY = Pattern.compile("--\\s?([a-z-]+): *(.*)");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern THRESHOLD =
            Pattern.compile("([a-z][a-z0-9_]*) = (\\S+) ([a-z]+) (?:—|--|-) (.+)", Pattern.DOTALL);
    private static final Pattern EXTENSION =
            Pattern.compile("extension ([a-z0-9_-]+)(?: >= ([0-9.]+))?(?: (?:—|--|-) (.+))?", Pattern.DOTALL);
    private static final Pattern SERVER = Pattern.compile("server >= ([0-9]+)(?:\\.([0-9]+))?");
    private static final Pattern ROLE = Pattern.compile("role ([a-z_]+)");

    private final Map<String, List<String>> header = new LinkedHashMap<>();
    private final String sql;
    private final boolean custom;

    private CheckFile(String content, boolean custom) {
        this.custom = custom;
        List<String> lines = content.lines().toList();
        List<String> headerLines = lines.stream()
                .takeWhile(line -> line.isBlank() || line.startsWith("--"))
                .toList();
        String key = null;
        for (String line : headerLines) {
            key = headerLine(line, key);
        }
        this.sql = String.join("\n", lines.subList(headerLines.size(), lines.size()));
    }

    /**
     * Reads a check.
     *
     * @param custom whether an operator wrote it
     * @throws Broken if the file is not a check; the message is a sentence without its final stop
     */
    public static Check parse(String content, boolean custom) {
        return new CheckFile(content, custom).check();
    }

    /** Returns the key of the entry that the next line may go on with. */
    private String headerLine(String line, String current) {
        Matcher entry = ENTRY.matcher(line);
        if (entry.matches()) {
            String key = entry.group(1);
            if (!KEYS.contains(key)) {
                throw new Broken("the header has an unknown key \"" + key + "\"");
            }
            header.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(entry.group(2).strip());
            return key;
        }
        String text = line.replaceFirst("^--", "").strip();
        if (!text.isEmpty()) {
            if (current == null) {
                throw new Broken("the header begins with \"" + text + "\" instead of a key");
            }
            List<String> values = header.get(current);
            values.set(values.size() - 1, (values.getLast() + " " + text).strip());
        }
        return current;
    }

    private Check check() {
        Check check = new Check(
                matching("id", ID),
                one("title"),
                one("category"),
                constant(Severity.class, "severity", one("severity")),
                constant(Confidence.class, "confidence", optional("confidence").orElse("certain")),
                constant(ImpactUnit.class, "impact", optional("impact").orElse("none")),
                all("threshold").stream().map(CheckFile::threshold).toList(),
                all("needs").stream().map(CheckFile::need).toList(),
                choice("reads", "anywhere", "primary"),
                choice("on-request", "no", "yes"),
                subject(optional("for").orElse("database")),
                blocks("vacuum"),
                blocks("cleanup"),
                choice("quotes", "no", "yes"),
                one("meaning"),
                one("remedy"),
                custom,
                CheckSql.parse(sql));
        verify(check);
        return check;
    }

    /** Every name in the statement must stand for something, and every threshold must be used. */
    private void verify(Check check) {
        Set<String> known = new TreeSet<>(FEEDS);
        known.addAll(check.subject().parameters());
        for (Threshold threshold : check.thresholds()) {
            if (!known.add(threshold.name())) {
                throw new Broken("threshold " + threshold.name() + " is there twice, or has a name that is taken");
            }
            boolean used = check.sql().parameters().contains(threshold.name());
            boolean budget =
                    check.subject() == Subject.INDEX && threshold.name().equals(Check.BUDGET);
            if (!used && !budget) {
                throw new Broken("threshold " + threshold.name() + " is not used");
            }
        }
        for (String parameter : check.sql().parameters()) {
            if (!known.contains(parameter)) {
                throw new Broken("the parameter :" + parameter + " is not a threshold");
            }
        }
        for (String macro : check.sql().macros()) {
            boolean extension = check.needs().stream()
                    .anyMatch(need ->
                            need instanceof Need.Extension wanted && macro.equals("extschema:" + wanted.name()));
            boolean stands =
                    PIECES.containsKey(macro) || check.subject().macros().contains(macro);
            if (!extension && !stands) {
                throw new Broken("@" + macro + "@ stands for nothing here");
            }
        }
        if (custom) {
            check.sql().refuseEscapes();
        }
    }

    private static Threshold threshold(String text) {
        Matcher matcher = THRESHOLD.matcher(text);
        if (!matcher.matches()) {
            throw new Broken("threshold \"" + text + "\" is not like \"min_bytes = 1048576 bytes — Smallest …\"");
        }
        try {
            return new Threshold(matcher.group(1), "", matcher.group(3), matcher.group(4)).with(matcher.group(2));
        } catch (IllegalArgumentException e) {
            throw new Broken("threshold " + matcher.group(1) + ": " + e.getMessage(), e);
        }
    }

    private static Need need(String text) {
        Matcher server = SERVER.matcher(text);
        if (server.matches()) {
            int minor = server.group(2) == null ? 0 : Integer.parseInt(server.group(2));
            return new Need.Server(Integer.parseInt(server.group(1)) * 10_000 + minor, text.substring(10));
        }
        Matcher extension = EXTENSION.matcher(text);
        if (extension.matches()) {
            return new Need.Extension(
                    extension.group(1),
                    Optional.ofNullable(extension.group(2)).map(Version::of),
                    extension.group(3) == null ? "" : extension.group(3));
        }
        Matcher role = ROLE.matcher(text);
        if (role.matches()) {
            return new Need.Role(role.group(1));
        }
        throw new Broken("\"needs: " + text + "\" is neither server, extension nor role");
    }

    private static Subject subject(String text) {
        return constant(Subject.class, "for", text.replaceFirst("^each ", ""));
    }

    private boolean blocks(String what) {
        List<String> named = List.of(optional("blocks").orElse("").split(", *"));
        if (!List.of("", "vacuum", "cleanup").containsAll(named)) {
            throw new Broken("\"blocks: " + String.join(", ", named) + "\" is neither vacuum nor cleanup");
        }
        return named.contains(what);
    }

    private boolean choice(String key, String otherwise, String chosen) {
        String value = optional(key).orElse(otherwise);
        if (!value.equals(otherwise) && !value.equals(chosen)) {
            throw new Broken(key + " is \"" + value + "\"; it may be " + otherwise + " or " + chosen);
        }
        return value.equals(chosen);
    }

    private String matching(String key, Pattern pattern) {
        String value = one(key);
        if (!pattern.matcher(value).matches()) {
            throw new Broken(key + " \"" + value + "\" is not in kebab case");
        }
        return value;
    }

    private String one(String key) {
        return optional(key)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new Broken("the header has no " + key));
    }

    private Optional<String> optional(String key) {
        List<String> values = all(key);
        if (values.size() > 1) {
            throw new Broken("the header has more than one " + key);
        }
        return values.stream().findFirst();
    }

    private List<String> all(String key) {
        return header.getOrDefault(key, List.of());
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String key, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace(' ', '_'));
        } catch (IllegalArgumentException e) {
            throw new Broken(key + " \"" + text + "\" is not known", e);
        }
    }

    /** The file is not a check. */
    public static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
