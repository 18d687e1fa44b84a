package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.ShortIds;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker backups list}. */
@Command(name = "list", description = "List backups, newest first.")
public final class ListBackups implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only of this target.")
    private String target = "";

    @Option(names = "--all", description = "Those that are being made, failed or were deleted, too.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; default 100.")
    private int limit = 100;

    public ListBackups(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListBackupsRequest.Builder request = ListBackupsRequest.newBuilder()
                .setTarget(target)
                .setIncludeAll(all)
                .setPageSize(limit);
        ListBackupsResponse.Builder found = ListBackupsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .backups()
                        .listBackups(request.setPageToken(token).build()),
                page -> found.getBackupsCount() + page.getBackupsCount() >= limit ? "" : page.getNextPageToken(),
                page -> found.addAllBackups(page.getBackupsList()));
        ShortIds ids = new ShortIds(
                session.environment().terminal(),
                found.getBackupsList().stream().map(Backup::getBackupId).toList());
        session.printer()
                .many(
                        found.build(),
                        found.getBackupsList(),
                        page -> BackupText.list(found.getBackupsList(), ids, page));
    }
}
