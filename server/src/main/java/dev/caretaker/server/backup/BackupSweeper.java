package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what backups that will never be complete have put at their destinations, whatever ended them. */
@Singleton
final class BackupSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(BackupSweeper.class);
    /** A job learns within seconds that its run has ended; what it was just putting is there after that. */
    private static final Duration CALM = Duration.ofMinutes(1);

    private final BackupStore store;
    private final BackupFiles files;
    private final Runs runs;
    private final Clock clock;
    private final OneByOne oneByOne = new OneByOne(LOG);

    BackupSweeper(BackupStore store, BackupFiles files, Runs runs, Clock clock) {
        this.store = store;
        this.files = files;
        this.runs = runs;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = "15s", initialDelay = "5s")
    void tick() {
        try {
            oneByOne.each(store.unswept(), this::look);
        } catch (CaretakerException e) {
            LOG.debug("backups are swept later: {}", e.getMessage());
        }
    }

    void look(BackupRow backup) {
        Optional<RunView> run = runs.find(backup.id());
        if (run.filter(view -> !view.state().isTerminal()).isPresent()) {
            return;
        }
        boolean wasStored = backup.stored().isPresent();
        boolean calm = wasStored
                || run.flatMap(RunView::ended)
                        .orElse(backup.created())
                        .plus(CALM)
                        .isBefore(clock.instant());
        if (backup.state() == BackupRow.State.OPEN && (calm || run.isPresent())) {
            store.failed(backup.id(), run.map(BackupSweeper::why).orElse("Its run is not known any more."));
        }
        if (!calm) {
            return;
        }
        try {
            files.remove(backup);
            store.swept(backup.id());
        } catch (CaretakerException e) {
            LOG.info("backup {}: what it has left at {} stays: {}", backup.id(), backup.destination(), e.getMessage());
            store.stuck(backup.id(), e.getMessage());
        }
    }

    private static String why(RunView run) {
        return run.error()
                .map(error -> error.message())
                .orElse("Its run ended with " + run.outcome().map(Enum::name).orElse("no outcome") + ".");
    }
}
