package dev.caretaker.server.config;

import dev.caretaker.server.config.RoutineConfig.ArchiveVerify;
import dev.caretaker.server.config.RoutineConfig.CancelQueries;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.config.RoutineConfig.Reindex;
import dev.caretaker.server.config.RoutineConfig.Report;
import dev.caretaker.server.config.RoutineConfig.Vacuum;
import dev.caretaker.server.config.RoutineConfig.Window;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code caretaker.routines}. Two are there from the start, and what is configured of them changes them. */
@Factory
public final class RoutinesReader {
    private static final String ROUTINES = "routines.";
    private static final Set<String> KEYS = Set.of(
            "parts",
            "deadline",
            "window",
            "vacuum.dead-percent",
            "vacuum.min-rows",
            "vacuum.changed-percent",
            "vacuum.inserted-percent",
            "vacuum.forced-percent",
            "vacuum.freeze-percent",
            "reindex.min-bloat-percent",
            "reindex.min-bloat",
            "reindex.max-indexes",
            "reindex.cool-down",
            "cancel-queries.enabled",
            "cancel-queries.older-than",
            "report.period",
            "report.format",
            "backup.destination",
            "backup.engine",
            "backup.schemas",
            "backup.without-rows",
            "backup.keep",
            "backup.keep-last",
            "backup.if-required",
            "backup-verify.scratch-target",
            "backup-verify.allow-same-server",
            "backup-verify.if-required",
            "archive-verify.not-verified-within",
            "archive-verify.max-archives",
            "archive-verify.level");
    private static final Map<String, List<Part>> BUILT_IN = Map.of(
            "standard", List.of(Part.CANCEL_QUERIES, Part.PARTITIONS, Part.CLEANUP, Part.VACUUM, Part.DETECT),
            "full",
                    List.of(
                            Part.CANCEL_QUERIES,
                            Part.PARTITIONS,
                            Part.CLEANUP,
                            Part.FREEZE,
                            Part.VACUUM,
                            Part.REINDEX,
                            Part.STATISTICS,
                            Part.DETECT));
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern WINDOW = Pattern.compile("(\\d{2}:\\d{2})\\s*[-–]\\s*(\\d{2}:\\d{2})(?:\\s+(\\S+))?");
    /** The schema ends at the first dot. */
    private static final Pattern TABLE = Pattern.compile("[^.]+\\..+");

    private static final long USUAL_BLOAT = 100L * 1024 * 1024;

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public RoutinesConfig read(Environment environment) {
        Settings root = new Settings(environment, "caretaker").under("routines");
        Set<String> names = new TreeSet<>(BUILT_IN.keySet());
        names.addAll(environment.getPropertyEntries("caretaker.routines"));
        SortedMap<String, RoutineConfig> routines = new TreeMap<>();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw root.wrong(name, "a routine's name has lower-case letters, digits and inner hyphens, at most 63");
            }
            routines.put(name, routine(name, root.under(name)));
        }
        return new RoutinesConfig(routines);
    }

    /** Whether a key below {@code caretaker} is one of these. */
    static boolean owns(String key) {
        if (!key.startsWith(ROUTINES)) {
            return false;
        }
        int dot = key.indexOf('.', ROUTINES.length());
        return dot > 0 && KEYS.contains(key.substring(dot + 1));
    }

    /** Its keys below the name of a routine. */
    static Set<String> keys() {
        return KEYS;
    }

    /** Whether a key below {@code caretaker.routines} holds others: a routine, or a part's settings in it. */
    static boolean isSection(String key) {
        int dot = key.indexOf('.');
        return dot < 0 || KEYS.stream().anyMatch(known -> known.startsWith(key.substring(dot + 1) + "."));
    }

    private static RoutineConfig routine(String name, Settings settings) {
        List<Part> parts = parts(name, settings);
        return new RoutineConfig(
                name,
                parts,
                settings.duration("deadline", Duration.ofSeconds(1), Duration.ofDays(366))
                        .orElse(Duration.ofHours(1)),
                settings.text("window").map(text -> window(settings, text)),
                vacuum(settings.under("vacuum")),
                reindex(settings.under("reindex")),
                cancelQueries(settings.under("cancel-queries")),
                report(settings.under("report")),
                backup(settings.under("backup"), parts.contains(Part.BACKUP)),
                backupVerify(settings.under("backup-verify")),
                archiveVerify(settings.under("archive-verify")));
    }

    private static Optional<RoutineConfig.Backup> backup(Settings settings, boolean wanted) {
        Optional<String> destination =
                wanted ? Optional.of(settings.required("destination")) : settings.text("destination");
        List<String> withoutRows = settings.list("without-rows");
        for (String table : withoutRows) {
            if (!TABLE.matcher(table).matches()) {
                throw settings.wrong("without-rows", "names a table as schema.table, not " + table);
            }
        }
        RoutineConfig.Backup.Engine engine = settings.text("engine")
                .map(text -> switch (text) {
                    case "table-copy" -> RoutineConfig.Backup.Engine.TABLE_COPY;
                    case "pg_dump" -> RoutineConfig.Backup.Engine.PG_DUMP;
                    default -> throw settings.wrong("engine", "must be table-copy or pg_dump, not " + text);
                })
                .orElse(RoutineConfig.Backup.Engine.TABLE_COPY);
        return destination.map(name -> new RoutineConfig.Backup(
                name,
                engine,
                settings.list("schemas"),
                withoutRows,
                settings.duration("keep", Duration.ofMinutes(1), Duration.ofDays(36_500)),
                settings.count("keep-last", 1, 10_000),
                settings.flag("if-required")));
    }

    private static RoutineConfig.BackupVerify backupVerify(Settings settings) {
        Optional<String> scratch = settings.text("scratch-target");
        boolean same = settings.flag("allow-same-server");
        if (same && scratch.isEmpty()) {
            throw settings.wrong("allow-same-server", "has a meaning only with scratch-target");
        }
        return new RoutineConfig.BackupVerify(scratch, same, settings.flag("if-required"));
    }

    private static ArchiveVerify archiveVerify(Settings settings) {
        ArchiveVerify usual = ArchiveVerify.USUAL;
        return new ArchiveVerify(
                settings.duration("not-verified-within", Duration.ofHours(1), Duration.ofDays(36_600))
                        .orElse(usual.within()),
                settings.count("max-archives", 1, 10_000).orElse(usual.most()),
                settings.text("level")
                        .map(text -> switch (text) {
                            case "stored" -> ArchiveVerify.Level.STORED;
                            case "read-back" -> ArchiveVerify.Level.READ_BACK;
                            case "restored" -> ArchiveVerify.Level.RESTORED;
                            default ->
                                throw settings.wrong("level", "must be stored, read-back or restored, not " + text);
                        })
                        .orElse(usual.level()));
    }

    private static List<Part> parts(String name, Settings settings) {
        List<String> given = settings.list("parts");
        if (given.isEmpty()) {
            if (!BUILT_IN.containsKey(name)) {
                throw settings.wrong("parts", "is missing; known are " + known());
            }
            return BUILT_IN.get(name);
        }
        List<Part> parts = given.stream().map(part -> part(settings, part)).toList();
        if (new HashSet<>(parts).size() != parts.size()) {
            throw settings.wrong("parts", "names a part more than once");
        }
        return parts;
    }

    private static Part part(Settings settings, String text) {
        return Arrays.stream(Part.values())
                .filter(part -> name(part).equals(text))
                .findFirst()
                .orElseThrow(() -> settings.wrong("parts", text + " is not known; known are " + known()));
    }

    /** As it is written in the configuration: cancel-queries. */
    public static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String known() {
        return String.join(
                ", ", Arrays.stream(Part.values()).map(RoutinesReader::name).toList());
    }

    private static Window window(Settings settings, String text) {
        Matcher matcher = WINDOW.matcher(text);
        if (!matcher.matches()) {
            throw settings.wrong("window", "is not a window such as 22:00-05:00 Europe/Berlin: " + text);
        }
        try {
            String zone = matcher.group(3) == null ? "UTC" : matcher.group(3);
            Window window =
                    new Window(LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(2)), ZoneId.of(zone));
            if (window.start().equals(window.end())) {
                throw settings.wrong("window", "ends when it starts: " + text);
            }
            return window;
        } catch (DateTimeException e) {
            throw settings.wrong("window", "is not a window such as 22:00-05:00 Europe/Berlin: " + text);
        }
    }

    private static Vacuum vacuum(Settings settings) {
        return new Vacuum(
                settings.decimal("dead-percent", 0, 100).orElse(20.0),
                settings.number("min-rows", 0, Long.MAX_VALUE).orElse(1_000),
                settings.decimal("changed-percent", 0, 100).orElse(10.0),
                settings.decimal("inserted-percent", 0, 100).orElse(20.0),
                settings.decimal("forced-percent", 0, 100).orElse(80.0),
                settings.decimal("freeze-percent", 0, 100).orElse(60.0));
    }

    private static Reindex reindex(Settings settings) {
        return new Reindex(
                settings.decimal("min-bloat-percent", 0, 100).orElse(30.0),
                settings.bytes("min-bloat").orElse(USUAL_BLOAT),
                (int) settings.number("max-indexes", 1, 1_000).orElse(10),
                settings.duration("cool-down", Duration.ZERO, Duration.ofDays(3_650))
                        .orElse(Duration.ofDays(10)));
    }

    private static CancelQueries cancelQueries(Settings settings) {
        return new CancelQueries(
                settings.flag("enabled"),
                settings.duration("older-than", Duration.ofSeconds(1), Duration.ofDays(7))
                        .orElse(Duration.ofMinutes(10)));
    }

    private static Report report(Settings settings) {
        return new Report(
                settings.duration("period", Duration.ofMinutes(1), Duration.ofDays(400))
                        .orElse(Report.USUAL.period()),
                settings.text("format").map(text -> format(settings, text)).orElse(Report.USUAL.format()));
    }

    private static ReportFormat format(Settings settings, String text) {
        return Arrays.stream(ReportFormat.values())
                .filter(format -> format.text().equals(text))
                .findFirst()
                .orElseThrow(() -> settings.wrong("format", "must be html, markdown or json, not " + text));
    }
}
