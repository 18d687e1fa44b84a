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

    /** Empty if it is not such a message; then there is a violation. */
    public static Optional<BackupDemand> read(Violations violations, String path, BackupRequirement message) {
        return Optional.ofNullable(Times.read(
                        violations,
                        path + ".within",
                        message.getWithin(),
                        LEAST,
                        MOST,
                        "at least one minute and at most 366 days"))
                .map(within -> new BackupDemand(within, message.getVerified()));
    }

    /** One that was read before. */
    public static Optional<BackupDemand> of(boolean given, BackupRequirement message) {
        return given ? read(new Violations(), "", message) : Optional.empty();
    }

    public static BackupRequirement write(BackupDemand demand) {
        return BackupRequirement.newBuilder()
                .setWithin(Times.write(demand.within()))
                .setVerified(demand.verified())
                .build();
    }
}
