package dev.caretaker.cli.backups;

import picocli.CommandLine.Parameters;

/** The backup that a command is about. */
final class BackupArgument {
    @Parameters(paramLabel = "BACKUP", description = "Id of the backup, as 'caretaker backups list' shows it.")
    private String id;

    String id() {
        return id;
    }
}
