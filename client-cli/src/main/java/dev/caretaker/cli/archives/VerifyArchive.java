package dev.caretaker.cli.archives;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.ActorOption;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ArchiveVerdict;
import dev.caretaker.v1.VerifyArchiveRequest;
import dev.caretaker.v1.VerifyArchiveResponse;
import dev.caretaker.v1.VerifyLevel;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker archives verify ARCHIVE}. */
@Command(
        name = "verify",
        description = "Look whether an archive is what its manifest says.",
        footer = {"", "Exits with 0 as it should be, 6 damaged, 3 refused, 4 not reachable."})
public final class VerifyArchive implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final IdArgument<?> archive = IdArgument.archive();

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description =
                    "stored: every object is there, with its size. read-back: every part is read, its rows counted."
                            + " restored: its rows are loaded at the target and hashed. Default: read-back.")
    private String level = "read-back";

    @Mixin
    private ActorOption actor;

    public VerifyArchive(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Iterator<VerifyArchiveResponse> answers = session.connection()
                .archiveLooks()
                .verifyArchive(VerifyArchiveRequest.newBuilder()
                        .setArchiveId(archive.id(session))
                        .setLevel(level())
                        .setActor(actor.name(session.environment()))
                        .build());
        VerifyArchiveResponse last = VerifyArchiveResponse.getDefaultInstance();
        while (answers.hasNext()) {
            last = answers.next();
            if (!last.hasVerdict()) {
                session.hint(
                        last.getPartsDone() + " of " + last.getParts() + " parts, " + Human.rows(last.getRowsDone()));
            }
        }
        ArchiveVerdict verdict = last.getVerdict();
        session.printer().one(verdict, page -> ArchiveText.verdict(verdict, level(), page));
        return verdict.getWhole() ? ExitCode.COMPLETE : ExitCode.FINDINGS;
    }

    private VerifyLevel level() {
        return Levels.read(level)
                .orElseThrow(
                        () -> CommandFailure.usage("--level: '" + level + "' is not stored, read-back or restored"));
    }
}
