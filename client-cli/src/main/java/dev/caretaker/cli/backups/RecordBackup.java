package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.units.ByteSizes;
import dev.caretaker.cli.units.Human;
import dev.caretaker.cli.units.Instants;
import dev.caretaker.v1.ExternalBackup;
import dev.caretaker.v1.RecordExternalBackupRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker backups record}. */
@Command(
        name = "record",
        description = {
            "Record a backup of a whole database that was made elsewhere, such as a snapshot of disks. It counts from then on.",
            "Nothing is looked at: it is as good as your word."
        })
public final class RecordBackup implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target that is in it.")
    private String target;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            required = true,
            description = "Who made it, such as ebs-snapshot.")
    private String source;

    @Option(names = "--reference", paramLabel = "NAME", required = true, description = "Its name there.")
    private String reference;

    @Option(
            names = "--time",
            paramLabel = "INSTANT",
            description = "The moment whose state it holds, such as 2026-11-01T06:00:00Z. Default: now.")
    private String time;

    @Option(
            names = "--verified-time",
            paramLabel = "INSTANT",
            description = "When it was proven by restoring it. Default: it was not.")
    private String verifiedTime;

    @Option(names = "--size", paramLabel = "SIZE", description = "Its size, such as 120GB.")
    private String size;

    @Option(names = "--note", paramLabel = "TEXT", description = "Free text.")
    private String note = "";

    @Mixin
    private MutationOptions mutation;

    public RecordBackup(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        RecordExternalBackupRequest.Builder request = RecordExternalBackupRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setTarget(target)
                .setSource(source)
                .setReference(reference)
                .setTime(
                        time == null
                                ? Instants.toProto(session.environment().clock().instant())
                                : Instants.toProto(Instants.parse("--time", time)))
                .setNote(note);
        if (verifiedTime != null) {
            request.setVerifyTime(Instants.toProto(Instants.parse("--verified-time", verifiedTime)));
        }
        if (size != null) {
            request.setBytes(bytes(size));
        }
        ExternalBackup backup = session.connection()
                .backups()
                .recordExternalBackup(request.build())
                .getBackup();
        session.printer()
                .one(
                        backup,
                        page -> page.line("Recorded " + backup.getSource() + " " + backup.getReference() + " of "
                                + backup.getTarget() + ", as of " + Human.instant(backup.getTime()) + "."));
    }

    private static long bytes(String text) {
        try {
            return ByteSizes.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--size: " + e.getMessage());
        }
    }
}
