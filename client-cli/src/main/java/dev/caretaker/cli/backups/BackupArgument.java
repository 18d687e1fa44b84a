package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.TypedId;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The backup that a command is about. */
final class BackupArgument {
    private static final int PAGE = 1_000;

    @Parameters(
            paramLabel = "BACKUP",
            description = "Id of the backup, or its beginning: four characters or more that no other backup has.")
    private String given;

    /** The whole id. */
    String id(Session session) {
        return TypedId.whole(given, "backup", () -> all(session));
    }

    private static List<String> all(Session session) {
        List<String> ids = new ArrayList<>();
        ListBackupsRequest.Builder request =
                ListBackupsRequest.newBuilder().setIncludeAll(true).setPageSize(PAGE);
        Pages.each(
                token -> session.connection()
                        .backups()
                        .listBackups(request.setPageToken(token).build()),
                ListBackupsResponse::getNextPageToken,
                page -> page.getBackupsList().stream().map(Backup::getBackupId).forEach(ids::add));
        return ids;
    }
}
