package dev.caretaker.cli.archives;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.GetArchiveRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker archives show ARCHIVE}. */
@Command(name = "show", description = "Show an archive with its parts and columns.")
public final class ShowArchive implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> archive = IdArgument.archive();

    public ShowArchive(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Archive found = session.connection()
                .archives()
                .getArchive(GetArchiveRequest.newBuilder()
                        .setArchiveId(archive.id(session))
                        .build())
                .getArchive();
        session.printer().one(found, page -> ArchiveText.show(found, page));
    }
}
