package dev.caretaker.cli.backups;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.units.ByteSizes;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ExternalBackup;
import dev.caretaker.v1.RecordExternalBackupRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
                                ? timestamp(session.environment().clock().instant())
                                : timestamp(instant("--time", time)))
                .setNote(note);
        if (verifiedTime != null) {
            request.setVerifyTime(timestamp(instant("--verified-time", verifiedTime)));
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

    private static Instant instant(String option, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw CommandFailure.usage(
                    option + ": '" + text + "' is not an instant with a zone, such as 2026-11-01T06:00:00Z");
        }
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
