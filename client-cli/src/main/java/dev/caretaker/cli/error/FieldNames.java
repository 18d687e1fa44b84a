package dev.caretaker.cli.error;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fields of requests by the names that users of the client know: keys of files, or options and arguments of the command that they
 * typed. A field has another name in another command, so there are several to choose from.
 */
final class FieldNames {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern UNDERSCORE = Pattern.compile("_([a-z0-9])");
    /** Keys of the policy file that are no fields of the same name. */
    private static final Map<String, String> KEYS =
            Map.of("retention", "keep", "filter", "where", "cascade_to", "allowCascade");

    /** Each with all the names that it has, in the order of preference. */
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            Map.entry("plan_id", "PLAN --plan --show"),
            Map.entry("run_id", "RUN --run"),
            Map.entry("target", "--target --into TARGET"),
            Map.entry("finding_id", "ID"),
            Map.entry("policies", "POLICY"),
            Map.entry("sets", "SET"),
            Map.entry("conversion_id", "CONVERSION"),
            Map.entry("archive_id", "ARCHIVE"),
            Map.entry("backup_id", "BACKUP"),
            Map.entry("hold_id", "HOLD"),
            Map.entry("notification_id", "NOTIFICATION"),
            Map.entry("schedule", "SCHEDULE"),
            Map.entry("routine", "ROUTINE"),
            Map.entry("destination", "--to"),
            Map.entry("dump_format", "--format"),
            Map.entry("from_time", "--from"),
            Map.entry("from_sequence", "--from"),
            Map.entry("name", "NAME POLICY SET SCHEDULE CALENDAR"),
            Map.entry("override_warnings", "--override"),
            Map.entry("minimum_severity", "--severity --fail-on"),
            Map.entry("time_to_live", "--ttl"),
            Map.entry("since_time", "--since"),
            Map.entry("after_time", "--since"),
            Map.entry("created_after", "--since"),
            Map.entry("period", "--since"),
            Map.entry("until_time", "--until"),
            Map.entry("before_time", "--until"),
            Map.entry("end_time", "--until"),
            Map.entry("expire_time", "--for"),
            Map.entry("duration", "--until --for"),
            Map.entry("verify_time", "--verified-time"),
            // of the one partition to be created, or of a backup that others made
            Map.entry("time", "--at --time"),
            // in which the one partition is to be, not the key to a certificate
            Map.entry("key", "--holding"),
            Map.entry("asked_by", "--by"),
            Map.entry("ages", "--age"),
            Map.entry("checks", "--check"),
            Map.entry("kinds", "--kind"),
            Map.entry("outcomes", "--outcome"),
            Map.entry("states", "--state"),
            Map.entry("schemas", "--schema"),
            Map.entry("exclude_users", "--exclude-user"),
            Map.entry("exclude_applications", "--exclude-application"),
            Map.entry("include_all", "--all"),
            Map.entry("include_deleted", "--all"),
            Map.entry("include_ended", "--all"),
            Map.entry("include_settled", "--all"),
            Map.entry("include_gone", "--gone"),
            Map.entry("include_muted", "--muted"),
            Map.entry("prune_targets", "--prune"),
            Map.entry("validate_only", "--dry-run"),
            Map.entry("cancel", "--yes"),
            Map.entry("bytes", "--size"),
            Map.entry("assume_free_bytes", "--assume-free"),
            Map.entry("min_bloat_percent", "--min-bloat"),
            Map.entry("min_bloat_bytes", "--min-size"),
            Map.entry("apply_thresholds", "--only-if-needed"),
            Map.entry("dead_percent", "--dead"),
            Map.entry("dead_rows", "--min-rows"),
            Map.entry("changed_percent", "--changed"),
            Map.entry("freeze_percent", "--freeze-age"),
            Map.entry("inserted_percent", "--inserted"),
            Map.entry("buffer_usage_limit_kb", "--buffers"),
            Map.entry("max_replication_lag_bytes", "--max-lag"),
            Map.entry("max_wal_bytes_per_second", "--max-wal"));

    /** What is told by the name for all of it. */
    private static final Map<String, String> WHOLES = ordered(
            "tables", "TABLE --table",
            "table", "TABLE --table",
            "new_table", "--into",
            "selection.tables", "--table",
            "selection.without_rows", "--without-rows",
            "indexes", "INDEX",
            "partitions", "PARTITION",
            "partition.parent", "--parent",
            "partition", "PARTITION --as-partition",
            "filter", "--where",
            "window", "--window --days",
            "keep.last", "--keep-last",
            "keep", "--keep",
            "terms.allow_same_server", "--allow-same-server",
            "require_backup.within", "--require-backup-within",
            "require_backup.verified", "--require-verified-backup",
            "require_backup", "--require-backup-within");

    /** Parts of a partition set by their keys in its file, the longest first. */
    private static final Map<String, String> SET_KEYS = ordered(
            "retirement.end", "retirement.then",
            "retirement.hold", "retirement.hold",
            "retirement", "retirement.keep",
            "default_partition", "default",
            "name_pattern", "names",
            "table", "table",
            "grid", "grid",
            "ahead.partitions", "ahead.partitions",
            "ahead.duration", "ahead.duration");

    /** The same by the options of {@code convert plan}. */
    private static final Map<String, String> CONVERSION = ordered(
            "set.table", "TABLE",
            "set.grid", "--grid",
            "set.ahead", "--ahead",
            "set.name_pattern", "--names",
            "set.name", "--set",
            "key_column", "--column",
            "accepted_losses", "--accept",
            "cut_over", "--on-request");

    private FieldNames() {}

    private static Map<String, String> ordered(String... names) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i += 2) {
            ordered.put(names[i], names[i + 1]);
        }
        return ordered;
    }

    /** The name of a field by which the command has it; as the API names it if the command has none. */
    static String of(String field, CommandNames command) {
        int dot = field.indexOf('.');
        if (field.startsWith("policies[") && dot > 0) {
            return field.substring(0, dot + 1) + keys(tables(field.substring(dot + 1)));
        }
        if (field.startsWith("sets[") && dot > 0) {
            String path = field.substring(dot + 1);
            return field.substring(0, dot + 1) + beginning(SET_KEYS, path).orElseGet(() -> keys(path));
        }
        if ((field.startsWith("schedules[") || field.startsWith("calendars[")) && dot > 0) {
            return field.substring(0, dot + 1) + keys(field.substring(dot + 1));
        }
        String candidates =
                beginning(CONVERSION, field).or(() -> beginning(WHOLES, field)).orElseGet(() -> argument(field));
        return command.first(List.of(candidates.split(" "))).orElse(field);
    }

    /** Schema and name of a table are one text in the file. */
    private static String tables(String path) {
        return path.replaceFirst("^table\\..*", "table")
                .replaceFirst("^archive\\.table\\.name\\..*", "archive.table")
                .replaceFirst("^archive\\.store\\.destination.*", "archive.to")
                .replaceFirst("^archive\\.store\\.", "archive.")
                .replaceFirst("^roll_up\\.into\\..*", "roll_up.into");
    }

    /** The name of the first part that the field is, or belongs to. */
    private static Optional<String> beginning(Map<String, String> names, String field) {
        return names.entrySet().stream()
                .filter(name -> field.matches(Pattern.quote(name.getKey()) + "([.\\[].*)?"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String argument(String field) {
        if (field.equals("thresholds") || field.startsWith("thresholds[")) {
            return "--set"; // of a check, by its name
        }
        String last = field.substring(field.lastIndexOf('.') + 1).replaceAll("\\[\\d+]$", "");
        String words = last.replace('_', '-');
        return ARGUMENTS.getOrDefault(
                last, "--" + words.toLowerCase(Locale.ROOT) + " " + words.toUpperCase(Locale.ROOT));
    }

    private static String keys(String path) {
        Matcher word = WORD.matcher(path);
        return word.replaceAll(found -> {
            String name = KEYS.getOrDefault(found.group(), found.group());
            return UNDERSCORE.matcher(name).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        });
    }
}
