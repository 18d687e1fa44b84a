package dev.caretaker.cli.archives;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.DeleteArchiveRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker archives delete ARCHIVE}. */
@Command(
        name = "delete",
        description = {
            "Delete an archive at its destination: only if a newer one that was read back holds the same rows, or with --force.",
            "What is known of it stays listed with --all."
        })
public final class DeleteArchive implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> archive = IdArgument.archive();

    @Option(names = "--force", description = "Even if it may be the only copy of its rows.")
    private boolean force;

    @Mixin
    private MutationOptions mutation;

    public DeleteArchive(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Archive deleted = session.connection()
                .archives()
                .deleteArchive(DeleteArchiveRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setArchiveId(archive.id(session))
                        .setForce(force)
                        .build())
                .getArchive();
        session.printer()
                .one(
                        deleted,
                        page -> page.line("Archive " + deleted.getArchiveId() + " is deleted: "
                                + Human.rows(deleted.getRows()) + " at " + deleted.getDestination() + "."));
    }
}
