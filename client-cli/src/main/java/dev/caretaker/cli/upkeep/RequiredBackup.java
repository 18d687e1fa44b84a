package dev.caretaker.cli.upkeep;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.BackupRequirement;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of commands that can require a backup. */
public final class RequiredBackup {
    @Option(
            names = "--require-backup-within",
            paramLabel = "AGE",
            order = 40,
            converter = Durations.Converter.class,
            description = "Refuse unless a backup that holds the table is at most this old, such as 24h.")
    private Duration within;

    @Option(
            names = "--require-verified-backup",
            order = 41,
            description = "That backup must have been proven by restoring it.")
    private boolean verified;

    /** Empty if none is required. */
    public Optional<BackupRequirement> toProto() {
        if (within == null) {
            if (verified) {
                throw CommandFailure.usage("--require-verified-backup needs --require-backup-within beside it");
            }
            return Optional.empty();
        }
        return Optional.of(BackupRequirement.newBuilder()
                .setWithin(Durations.toProto(within))
                .setVerified(verified)
                .build());
    }
}
