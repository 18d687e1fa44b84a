package dev.caretaker.cli.archives;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.TypedId;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListArchivesResponse;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The archive that a command is about. */
final class ArchiveArgument {
    private static final int PAGE = 1_000;

    @Parameters(
            paramLabel = "ARCHIVE",
            description = "Id of the archive, or its beginning: four characters or more that no other archive has.")
    private String given;

    /** The whole id. */
    String id(Session session) {
        return TypedId.whole(given, "archive", () -> all(session));
    }

    private static List<String> all(Session session) {
        List<String> ids = new ArrayList<>();
        ListArchivesRequest.Builder request =
                ListArchivesRequest.newBuilder().setIncludeDeleted(true).setPageSize(PAGE);
        Pages.each(
                token -> session.connection()
                        .archives()
                        .listArchives(request.setPageToken(token).build()),
                ListArchivesResponse::getNextPageToken,
                page -> page.getArchivesList().stream()
                        .map(Archive::getArchiveId)
                        .forEach(ids::add));
        return ids;
    }
}
