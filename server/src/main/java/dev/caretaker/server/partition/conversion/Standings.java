package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.Conversion.Standing;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.ConversionRow;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where conversions stand, from what is stored of them and of their runs. */
@Singleton
final class Standings {
    /** A run is stored a moment after it was claimed; a server that dies in between keeps nobody waiting for longer. */
    private static final Duration CLAIM = Duration.ofMinutes(1);

    private final Runs runs;
    private final BackupGate backups;
    private final Clock clock;

    Standings(Runs runs, BackupGate backups, Clock clock) {
        this.runs = runs;
        this.backups = backups;
        this.clock = clock;
    }

    /** Whether a run works on it, or will at once. */
    boolean busy(ConversionRow row) {
        if (row.runId() == null) {
            return false;
        }
        return runs.find(row.runId())
                .map(run -> !run.state().isTerminal())
                .orElseGet(() -> row.claimed() != null
                        && clock.instant().isBefore(row.claimed().plus(CLAIM)));
    }

    /** Whether anything was done at its table. A run that was refused or cancelled before its first step has done nothing. */
    boolean begun(ConversionRow row) {
        return row.state() != ConversionRow.State.PLANNED
                && Optional.ofNullable(row.runId())
                        .flatMap(runs::find)
                        .filter(run -> run.steps().stream()
                                .anyMatch(step -> step.started().isPresent()))
                        .isPresent();
    }

    Conversion told(ConversionRow row) {
        ConversionContent content = ConversionContent.of(row);
        Optional<RunView> run = Optional.ofNullable(row.runId()).flatMap(runs::find);
        Standing standing = standing(row);
        return new Conversion(
                row.conversionId(),
                row.etag(),
                row.target(),
                content.set(),
                content.planned().order(),
                obstacles(row, content, standing),
                standing,
                run.map(latest -> reason(standing, latest)).orElse(""),
                row.requested(),
                Optional.ofNullable(row.runId()),
                row.created(),
                row.expires(),
                content.actor());
    }

    /** With the backup that is required and not there, as long as the conversion has not begun. */
    private List<Obstacle> obstacles(ConversionRow row, ConversionContent content, Standing standing) {
        List<Obstacle> all = new ArrayList<>(content.planned().obstacles());
        if (standing == Standing.PLANNED || standing == Standing.BROKEN_OFF && !begun(row)) {
            content.backup()
                    .flatMap(demand -> backups.objection(
                            row.target(),
                            List.of(content.planned().order().table().name()),
                            demand))
                    .ifPresent(why -> all.add(new Obstacle(Optional.empty(), why, false)));
        }
        return all;
    }

    private Standing standing(ConversionRow row) {
        return switch (row.state()) {
            case PLANNED -> clock.instant().isBefore(row.expires()) ? Standing.PLANNED : Standing.EXPIRED;
            case STARTED -> !busy(row) ? Standing.BROKEN_OFF : row.ready() ? Standing.WAITING : Standing.RUNNING;
            case CONVERTED -> Standing.CONVERTED;
            case REVERTED -> Standing.REVERTED;
        };
    }

    private static String reason(Standing standing, RunView run) {
        return switch (standing) {
            case BROKEN_OFF -> run.error().map(RunError::message).orElse(run.stateReason());
            case WAITING, RUNNING -> run.stateReason();
            default -> "";
        };
    }
}
