package dev.caretaker.server.archive;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.RunStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals archives that were open when their run ended (cancelled, out of time, failed), where nothing is in doubt: for that nobody
 * has to ask the target. The others wait for it as debts.
 */
@Singleton
final class OpenEnds {
    private static final Logger LOG = LoggerFactory.getLogger(OpenEnds.class);

    private final ArchiveStore store;
    private final RunStore runs;
    private final Archives archives;
    private final OneByOne oneByOne = new OneByOne(LOG);

    OpenEnds(ArchiveStore store, RunStore runs, Archives archives) {
        this.store = store;
        this.runs = runs;
        this.archives = archives;
    }

    @Scheduled(fixedDelay = "5s", initialDelay = "5s")
    void tick() {
        try {
            oneByOne.each(store.leftOpen(), this::seal);
        } catch (CaretakerException e) {
            LOG.debug("archives of ended runs are sealed later: {}", e.getMessage());
        }
    }

    private void seal(ArchiveRow archive) {
        Marks marks = Marks.of(archive.id(), runs.steps(archive.runId()));
        if (marks.journal().isEmpty()) {
            archives.seal(marks.certain(archive.id()), 0, Duration.ZERO);
            LOG.info("archive {} was open when run {} ended, and is sealed now", archive.id(), archive.runId());
        }
    }
}
