package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.BackupHealth;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.GetBackupHealthRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker backups health}. */
@Command(
        name = "health",
        description = "Say whether the backups of a database are new and proven, whoever makes them. Reads only.",
        footer = {
            "",
            "Counted are Caretaker's own, those that pgBackRest, Barman or WAL-G say they have (as the server is configured),",
            "and those that were recorded. The verdict is good, attention (somebody should look) or critical (somebody must",
            "look soon). Exits with 6 when --fail-on is met."
        })
public final class BackupHealthCommand implements Callable<Integer> {
    /** Each tool may take half a minute. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(5);

    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    @Option(
            names = "--fail-on",
            paramLabel = "VERDICT",
            description = "Exit with 6 if the verdict is at least this grave: attention, critical. Default: critical.")
    private String failOn = "critical";

    public BackupHealthCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        BackupHealthVerdict gravest = verdict(failOn);
        BackupHealth health = session.connection()
                .usuallyWithin(USUAL_LIMIT)
                .backups()
                .getBackupHealth(
                        GetBackupHealthRequest.newBuilder().setTarget(target).build())
                .getHealth();
        session.printer().one(health, page -> new BackupHealthView(health, page).show());
        return health.getVerdictValue() >= gravest.getNumber() ? ExitCode.FINDINGS : ExitCode.COMPLETE;
    }

    private static BackupHealthVerdict verdict(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "attention" -> BackupHealthVerdict.BACKUP_HEALTH_VERDICT_ATTENTION;
            case "critical" -> BackupHealthVerdict.BACKUP_HEALTH_VERDICT_CRITICAL;
            default -> throw CommandFailure.usage("--fail-on: '" + text + "' is not attention or critical");
        };
    }
}
