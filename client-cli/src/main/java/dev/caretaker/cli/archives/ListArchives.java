package dev.caretaker.cli.archives;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.ShortIds;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.runs.RunArgument;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListArchivesResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker archives list}. */
@Command(name = "list", description = "List archives, newest first.")
public final class ListArchives implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only of this target.")
    private String target = "";

    @Option(names = "--table", paramLabel = "TABLE", description = "Only rows that left this table or partition.")
    private String table;

    @Option(names = "--policy", paramLabel = "NAME", description = "Only of this policy or partition set.")
    private String policy = "";

    @Option(names = "--run", paramLabel = "RUN", description = "Only those that this run wrote.")
    private String run = "";

    @Option(names = "--all", description = "Deleted ones, too, and those into which no row came.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; default 100.")
    private int limit = 100;

    public ListArchives(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListArchivesRequest.Builder request = ListArchivesRequest.newBuilder()
                .setTarget(target)
                .setPolicy(policy)
                .setRunId(run.isEmpty() ? "" : RunArgument.whole(session, run))
                .setIncludeDeleted(all)
                .setPageSize(limit);
        if (table != null) {
            request.setTable(TableNames.parse(table));
        }
        ListArchivesResponse.Builder found = ListArchivesResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .archives()
                        .listArchives(request.setPageToken(token).build()),
                page -> found.getArchivesCount() + page.getArchivesCount() >= limit ? "" : page.getNextPageToken(),
                page -> found.addAllArchives(page.getArchivesList()));
        ShortIds ids = new ShortIds(
                session.environment().terminal(),
                found.getArchivesList().stream().map(Archive::getArchiveId).toList());
        session.printer()
                .many(
                        found.build(),
                        found.getArchivesList(),
                        page -> ArchiveText.list(found.getArchivesList(), ids, page));
    }
}
