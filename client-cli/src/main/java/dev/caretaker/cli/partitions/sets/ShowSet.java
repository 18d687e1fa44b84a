package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.file.EditableFile;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.PartitionSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions sets show SET}. */
@Command(
        name = "show",
        description = {
            "Show one partition set as a file that can be edited and applied again.",
            "Its etag makes apply refuse if somebody changed the set meanwhile; without that line it replaces."
        })
public final class ShowSet implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SET", description = "Name of the set.")
    private String name;

    public ShowSet(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PartitionSet set = session.connection()
                .partitions()
                .getPartitionSet(
                        GetPartitionSetRequest.newBuilder().setName(name).build())
                .getSet();
        EditableFile.print(session, set, SetFile.write(List.of(set), true), page -> {
            if (set.hasUpdateTime()) {
                EditableFile.changed(page, set.getUpdateTime(), set.getUpdatedBy());
            }
        });
    }
}
