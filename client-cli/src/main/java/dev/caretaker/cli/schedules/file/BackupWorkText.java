package dev.caretaker.cli.schedules.file;

import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Backups and their verification in a file of schedules. */
final class BackupWorkText {
    private static final List<String> KEYS = List.of(
            "to",
            "engine",
            "format",
            "schemas",
            "tables",
            "withoutRows",
            "sessions",
            "longestSnapshot",
            "compression",
            "keep",
            "keepLast");
    private static final String NEWEST = "newest";

    private BackupWorkText() {}

    /** A destination, or a map. */
    static ScheduledBackup backup(Item value) {
        ScheduledBackup.Builder backup = ScheduledBackup.newBuilder();
        if (!value.isMap()) {
            return backup.setDestination(value.text()).build();
        }
        BackupSelection.Builder selection = BackupSelection.newBuilder();
        BackupRetention.Builder keep = BackupRetention.newBuilder();
        value.fields("the backup", KEYS, List.of("to")).forEach((key, item) -> {
            switch (key) {
                case "to" -> backup.setDestination(item.text());
                case "engine" -> backup.setEngine(engine(item));
                case "format" -> backup.setDumpFormat(format(item));
                case "schemas" -> item.list().forEach(name -> selection.addSchemas(name.text()));
                case "tables" -> item.list().forEach(name -> selection.addTables(TableNames.parse(name.text())));
                case "withoutRows" ->
                    item.list().forEach(name -> selection.addWithoutRows(TableNames.parse(name.text())));
                case "sessions" -> backup.setSessions(number(item));
                case "longestSnapshot" -> backup.setLongestSnapshot(RetentionText.duration(item));
                case "compression" -> backup.setCompression(item.text());
                case "keep" -> keep.setAge(RetentionText.duration(item));
                default -> keep.setLast(number(item));
            }
        });
        backup.setSelection(selection);
        if (!keep.build().equals(BackupRetention.getDefaultInstance())) {
            backup.setKeep(keep);
        }
        return backup.build();
    }

    private static int number(Item item) {
        long number = item.integer();
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw item.wrong("must be a positive number");
        }
        return (int) number;
    }

    private static BackupEngine engine(Item item) {
        return switch (item.text()) {
            case "table-copy" -> BackupEngine.BACKUP_ENGINE_TABLE_COPY;
            case "pg_dump" -> BackupEngine.BACKUP_ENGINE_PG_DUMP;
            default -> throw item.wrong("'" + item.text() + "' is none of table-copy, pg_dump");
        };
    }

    private static BackupDumpFormat format(Item item) {
        return switch (item.text()) {
            case "directory" -> BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY;
            case "custom" -> BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM;
            default -> throw item.wrong("'" + item.text() + "' is none of directory, custom");
        };
    }

    /** "newest", or a map. */
    static ScheduledBackupVerify verify(Item value) {
        ScheduledBackupVerify.Builder verify = ScheduledBackupVerify.newBuilder();
        if (!value.isMap()) {
            if (!value.text().equals(NEWEST)) {
                throw value.wrong("must be " + NEWEST + ", or say which and where");
            }
            return verify.build();
        }
        value.fields("at", "whole", "scratchTarget", "allowSameServer").forEach((key, item) -> {
            switch (key) {
                case "at" -> verify.setDestination(item.text());
                case "whole" -> verify.setWhole(item.bool());
                case "scratchTarget" -> verify.setScratchTarget(item.text());
                default -> verify.setAllowSameServer(item.bool());
            }
        });
        return verify.build();
    }

    static Object tree(ScheduledBackup backup) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("to", backup.getDestination());
        if (backup.getEngine() == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            tree.put("engine", "pg_dump");
        }
        switch (backup.getDumpFormat()) {
            case BACKUP_DUMP_FORMAT_DIRECTORY -> tree.put("format", "directory");
            case BACKUP_DUMP_FORMAT_CUSTOM -> tree.put("format", "custom");
            default -> {}
        }
        BackupSelection selection = backup.getSelection();
        some(tree, "schemas", selection.getSchemasList());
        some(tree, "tables", WorkText.tables(selection.getTablesList()));
        some(tree, "withoutRows", WorkText.tables(selection.getWithoutRowsList()));
        if (backup.getSessions() > 0) {
            tree.put("sessions", backup.getSessions());
        }
        if (backup.hasLongestSnapshot()) {
            tree.put("longestSnapshot", Durations.exact(backup.getLongestSnapshot()));
        }
        if (!backup.getCompression().isEmpty()) {
            tree.put("compression", backup.getCompression());
        }
        if (backup.getKeep().hasAge()) {
            tree.put("keep", Durations.exact(backup.getKeep().getAge()));
        }
        if (backup.getKeep().getLast() > 0) {
            tree.put("keepLast", backup.getKeep().getLast());
        }
        return tree;
    }

    private static void some(Map<String, Object> tree, String key, List<String> names) {
        if (!names.isEmpty()) {
            tree.put(key, List.copyOf(names));
        }
    }

    static Object tree(ScheduledBackupVerify verify) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (!verify.getDestination().isEmpty()) {
            tree.put("at", verify.getDestination());
        }
        if (verify.getWhole()) {
            tree.put("whole", true);
        }
        if (!verify.getScratchTarget().isEmpty()) {
            tree.put("scratchTarget", verify.getScratchTarget());
        }
        if (verify.getAllowSameServer()) {
            tree.put("allowSameServer", true);
        }
        return tree.isEmpty() ? NEWEST : tree;
    }

    /** One line. */
    static String describe(ScheduledBackup backup) {
        return "backup to " + backup.getDestination()
                + (backup.hasKeep() ? ", kept " + describe(backup.getKeep()) : "")
                + (backup.getEngine() == BackupEngine.BACKUP_ENGINE_PG_DUMP ? ", by pg_dump" : "");
    }

    private static String describe(BackupRetention keep) {
        String age = keep.hasAge() ? Durations.exact(keep.getAge()) : "";
        String last = keep.getLast() > 0 ? "last " + keep.getLast() : "";
        return age.isEmpty() || last.isEmpty() ? age + last : age + " or " + last;
    }

    /** One line. */
    static String describe(ScheduledBackupVerify verify) {
        return "verification of the newest " + (verify.getWhole() ? "whole " : "") + "backup"
                + (verify.getDestination().isEmpty() ? "" : " at " + verify.getDestination())
                + (verify.getScratchTarget().isEmpty() ? "" : " at target " + verify.getScratchTarget());
    }
}
