package dev.caretaker.cli.schedules.file;

import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.report.Formats;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.ScheduledCleanup;
import dev.caretaker.v1.ScheduledDetection;
import dev.caretaker.v1.ScheduledReindex;
import dev.caretaker.v1.ScheduledReport;
import dev.caretaker.v1.ScheduledUpkeep;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a schedule starts: a key, such as {@code cleanup}, and the names of what is meant, or a word for all. */
public final class WorkText {
    static final List<String> KEYS = List.of(
            "routine",
            "cleanup",
            "upkeep",
            "vacuum",
            "reindex",
            "detection",
            "report",
            "backup",
            "backupVerify",
            "archiveVerify");
    private static final String ALL = "all";
    private static final String NEEDED = "needed";

    private WorkText() {}

    static ScheduledWork read(String key, Item value) {
        ScheduledWork.Builder work = ScheduledWork.newBuilder();
        return switch (key) {
            case "routine" -> work.setRoutine(value.text()).build();
            case "cleanup" ->
                work.setCleanup(ScheduledCleanup.newBuilder().addAllPolicies(names(value, ALL)))
                        .build();
            case "upkeep" ->
                work.setUpkeep(ScheduledUpkeep.newBuilder().addAllSets(names(value, ALL)))
                        .build();
            case "vacuum" ->
                work.setVacuum(ScheduledVacuum.newBuilder().addAllTables(tables(value)))
                        .build();
            case "reindex" ->
                work.setReindex(ScheduledReindex.newBuilder().addAllTables(tables(value)))
                        .build();
            case "detection" -> {
                names(value, ALL);
                yield work.setDetection(ScheduledDetection.getDefaultInstance()).build();
            }
            case "report" -> work.setReport(report(value)).build();
            case "backup" -> work.setBackup(BackupWorkText.backup(value)).build();
            case "backupVerify" ->
                work.setBackupVerify(BackupWorkText.verify(value)).build();
            case "archiveVerify" ->
                work.setArchiveVerify(ArchiveWorkText.verify(value)).build();
            default -> throw value.wrong("unknown key");
        };
    }

    /** A format, or a format and a period. */
    private static ScheduledReport report(Item value) {
        ScheduledReport.Builder report = ScheduledReport.newBuilder();
        if (!value.isMap()) {
            return report.setFormat(format(value)).build();
        }
        value.fields("period", "format").forEach((key, item) -> {
            if (key.equals("format")) {
                report.setFormat(format(item));
            } else {
                report.setPeriod(RetentionText.duration(item));
            }
        });
        return report.build();
    }

    private static ReportFormat format(Item value) {
        return Formats.read(value.text())
                .orElseThrow(() -> value.wrong("'" + value.text() + "' is none of html, markdown, json"));
    }

    private static List<String> names(Item value, String all) {
        if (value.isList()) {
            List<String> names = value.list().stream().map(Item::text).toList();
            if (names.isEmpty()) {
                throw value.wrong("names nothing; '" + all + "' stands for all");
            }
            return names;
        }
        if (!value.text().equals(all)) {
            throw value.wrong("must be " + all + ", or a list of names");
        }
        return List.of();
    }

    private static List<TableName> tables(Item value) {
        return names(value, NEEDED).stream().map(TableNames::parse).toList();
    }

    /** The key of the work. */
    static String key(ScheduledWork work) {
        return switch (work.getKindCase()) {
            case ROUTINE -> "routine";
            case CLEANUP -> "cleanup";
            case UPKEEP -> "upkeep";
            case VACUUM -> "vacuum";
            case REINDEX -> "reindex";
            case DETECTION -> "detection";
            case REPORT -> "report";
            case BACKUP -> "backup";
            case BACKUP_VERIFY -> "backupVerify";
            case ARCHIVE_VERIFY -> "archiveVerify";
            case KIND_NOT_SET -> "unknown";
        };
    }

    /** What stands behind the key: a text or a list of them. */
    static Object value(ScheduledWork work) {
        return switch (work.getKindCase()) {
            case ROUTINE -> work.getRoutine();
            case CLEANUP -> orAll(work.getCleanup().getPoliciesList(), ALL);
            case UPKEEP -> orAll(work.getUpkeep().getSetsList(), ALL);
            case VACUUM -> orAll(tables(work.getVacuum().getTablesList()), NEEDED);
            case REINDEX -> orAll(tables(work.getReindex().getTablesList()), NEEDED);
            case REPORT -> tree(work.getReport());
            case BACKUP -> BackupWorkText.tree(work.getBackup());
            case BACKUP_VERIFY -> BackupWorkText.tree(work.getBackupVerify());
            case ARCHIVE_VERIFY -> ArchiveWorkText.tree(work.getArchiveVerify());
            case DETECTION, KIND_NOT_SET -> ALL;
        };
    }

    private static Object tree(ScheduledReport report) {
        String format = Formats.write(report.getFormat());
        if (!report.hasPeriod()) {
            return format;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("period", Durations.exact(report.getPeriod()));
        tree.put("format", format);
        return tree;
    }

    private static Object orAll(List<String> names, String all) {
        return names.isEmpty() ? all : List.copyOf(names);
    }

    static List<String> tables(List<TableName> tables) {
        return tables.stream().map(WorkText::quoted).toList();
    }

    /** As {@link TableNames} reads it. */
    private static String quoted(TableName table) {
        boolean plain = !(table.getName() + table.getSchema()).matches(".*[\".].*");
        return plain
                ? Names.table(table)
                : part(table.getSchema().isEmpty() ? "public" : table.getSchema()) + "." + part(table.getName());
    }

    private static String part(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** One line: {@code routine standard}, {@code cleanup all}, {@code vacuum jobs, events}. */
    public static String describe(ScheduledWork work) {
        if (work.hasReport()) {
            ScheduledReport report = work.getReport();
            return "report of " + (report.hasPeriod() ? Durations.exact(report.getPeriod()) : "7d") + " as "
                    + Formats.write(report.getFormat());
        }
        if (work.hasBackup()) {
            return BackupWorkText.describe(work.getBackup());
        }
        if (work.hasBackupVerify()) {
            return BackupWorkText.describe(work.getBackupVerify());
        }
        if (work.hasArchiveVerify()) {
            return ArchiveWorkText.describe(work.getArchiveVerify());
        }
        Object value = value(work);
        String names = value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : value.toString();
        return key(work) + (work.hasDetection() ? "" : " " + names);
    }
}
