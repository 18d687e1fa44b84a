package dev.caretaker.cli.archives;

import picocli.CommandLine.Parameters;

/** The archive that a command is about. */
final class ArchiveArgument {
    @Parameters(paramLabel = "ARCHIVE", description = "Id of the archive, as 'caretaker archives list' shows it.")
    private String id;

    String id() {
        return id;
    }
}
