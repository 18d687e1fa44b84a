package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.v1.BackupRequirement;
import java.time.Duration;
import java.util.Optional;

/** Backups that are required, to and from their message. */
public final class BackupDemands {
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(366);

    private BackupDemands() {}

    /** The field {@code require_backup}. Empty also if it is wrong; then there is a violation. */
    public static Optional<BackupDemand> read(Violations violations, boolean given, BackupRequirement message) {
        return read(violations, "", given, message);
    }

    /** @param within path of the message that has the field, with a dot */
    static Optional<BackupDemand> read(Violations violations, String within, boolean given, BackupRequirement message) {
        return given
                ? Optional.ofNullable(Times.read(
                                violations,
                                within + "require_backup.within",
                                message.getWithin(),
                                LEAST,
                                MOST,
                                "at least one minute and at most 366 days"))
                        .map(least -> new BackupDemand(least, message.getVerified()))
                : Optional.empty();
    }

    public static BackupRequirement write(BackupDemand demand) {
        return BackupRequirement.newBuilder()
                .setWithin(Times.write(demand.within()))
                .setVerified(demand.verified())
                .build();
    }
}
