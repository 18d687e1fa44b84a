package dev.caretaker.cli.demo;

import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.demo.DemoProcess.Content;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Shows where rows went that were archived, brings those of one table back, and compares: what stayed and what came back have to be
 * the table as it was, each row once.
 */
final class DemoArchives {
    /** How long an archive may take from the spool to its destination, which is a folder of the same machine. */
    private static final Duration CARRYING = Duration.ofMinutes(2);

    private final DemoShell shell;
    private final DemoProcess demo;
    private final TableName table;
    private final Content before;

    private DemoArchives(DemoShell shell, DemoProcess demo, TableName table) {
        this.shell = shell;
        this.demo = demo;
        this.table = table;
        this.before = demo.content(table);
    }

    /** Looks at the table as it is before anything is executed. */
    static DemoArchives before(DemoShell shell, DemoProcess demo, String table) {
        return new DemoArchives(shell, demo, TableNames.parse(table));
    }

    void restore() {
        Archive archive = stored();
        shell.show("archives", "list", "--target", DemoCommand.TARGET);
        shell.show("archives", "restore", archive.getArchiveId(), "--into", Names.table(copy()));
        Content left = demo.content(table);
        Content back = demo.content(copy());
        if (!left.plus(back).equals(before)) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    Names.table(table) + " was not the same: " + before + " before, " + left + " left, " + back
                            + " restored");
        }
        shell.page()
                .blank()
                .line(
                        Style.GOOD,
                        Human.count(back.rows()) + " rows came back, " + Human.count(left.rows())
                                + " had stayed: together they are the " + Human.count(before.rows())
                                + " from before, by number and by a hash of every row.");
    }

    TableName copy() {
        return table.toBuilder().setName(table.getName() + "_restored").build();
    }

    private Archive stored() {
        Instant until = Instant.now().plus(CARRYING);
        for (Optional<Archive> archive = find(); ; archive = find()) {
            if (archive.isPresent()) {
                return archive.get();
            }
            if (Instant.now().isAfter(until)) {
                throw new CommandFailure(ExitCode.FAILED, "no archive of " + Names.table(table) + " was stored");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure(ExitCode.FAILED, "interrupted while the archive was carried", e);
            }
        }
    }

    private Optional<Archive> find() {
        try (Connection connection = shell.open()) {
            return connection
                    .archives()
                    .listArchives(ListArchivesRequest.newBuilder()
                            .setTarget(DemoCommand.TARGET)
                            .setTable(table)
                            .build())
                    .getArchivesList()
                    .stream()
                    .filter(archive -> archive.getState() == ArchiveState.ARCHIVE_STATE_STORED)
                    .findFirst();
        }
    }
}
