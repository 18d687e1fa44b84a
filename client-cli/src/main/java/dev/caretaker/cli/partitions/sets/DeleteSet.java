package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.PartitionSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions sets delete SET}. */
@Command(
        name = "delete",
        description = "Forget a partition set; its table and all partitions, held ones too, stay as they are.")
public final class DeleteSet implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SET", description = "Name of the set.")
    private String name;

    @Option(names = "--etag", paramLabel = "ETAG", description = "Refuse if the set is no longer this version.")
    private String etag = "";

    @Mixin
    private MutationOptions mutation;

    public DeleteSet(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        DeletePartitionSetRequest request = DeletePartitionSetRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setName(name)
                .setEtag(etag)
                .build();
        PartitionSet deleted =
                session.connection().partitions().deletePartitionSet(request).getSet();
        session.printer().one(deleted, page -> page.line("Partition set " + deleted.getName() + " is deleted."));
    }
}
