package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.file.EditableFile;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.SuggestPartitionSetResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions sets suggest TABLE}. */
@Command(
        name = "suggest",
        description = {
            "Read a partitioned table and print the set that would change nothing about it, to be edited and applied:",
            "caretaker partitions sets suggest --target shop events -o yaml > events.yaml"
        })
public final class SuggestSet implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "TABLE", description = "NAME, SCHEMA.NAME, or quoted as in SQL.")
    private String table;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Time zone in which its partitions begin, such as Europe/Berlin. Default: guessed.")
    private String zone = "";

    public SuggestSet(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        SuggestPartitionSetResponse suggested = session.connection()
                .partitions()
                .suggestPartitionSet(SuggestPartitionSetRequest.newBuilder()
                        .setTarget(target)
                        .setTable(TableNames.parse(table))
                        .setZone(zone)
                        .build());
        String file = SetFile.write(List.of(suggested.getSet()), false);
        EditableFile.print(
                session,
                suggested,
                file,
                page -> suggested.getNotesList().forEach(note -> page.paragraph("", Style.DIM, "# " + note)));
    }
}
