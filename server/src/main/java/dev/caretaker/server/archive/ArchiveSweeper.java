package dev.caretaker.server.archive;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.ArchivePartRow;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a day whether stored archives are still there, some at a time, and removes what crashes have left: files of the spool
 * that no part names, and objects in the folders of known archives that no manifest names. Only what is older than a day; and never
 * in a folder of which the control store knows nothing, since it may be somebody else's.
 */
@Singleton
final class ArchiveSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveSweeper.class);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LATELY = Duration.ofDays(7);
    /** Of each destination. */
    private static final int AT_ONCE = 100;

    private static final int MOST_OBJECTS = 20_000;

    private final ArchiveStore store;
    private final SpoolFolder spool;
    private final Destinations destinations;
    private final Verification verification;
    private final InstantSource machine;
    private final OneByOne oneByOne = new OneByOne(LOG);

    ArchiveSweeper(
            ArchiveStore store,
            SpoolFolder spool,
            Destinations destinations,
            Verification verification,
            @Named("machine") InstantSource machine) {
        this.store = store;
        this.spool = spool;
        this.destinations = destinations;
        this.verification = verification;
        this.machine = machine;
    }

    @Scheduled(fixedDelay = "10m", initialDelay = "2m")
    void tick() {
        try {
            oneByOne.alone("sweeping the spool", this::sweepSpool);
            look();
        } catch (CaretakerException e) {
            LOG.debug("archives are looked at later: {}", e.getMessage());
        }
    }

    /** Files of known archives that are none of their parts. */
    void sweepSpool() {
        if (!spool.isThere()) {
            return;
        }
        Set<Path> named = store.inSpool(spool.id()).stream()
                .map(part -> spool.file(part.archive(), part.file()))
                .collect(Collectors.toSet());
        int gone = spool.sweep(
                id -> store.find(id).isPresent(), named, machine.instant().minus(DAY));
        if (gone > 0) {
            LOG.info("{} files of the spool belonged to no archive any more and are deleted", gone);
        }
    }

    /** Those that are due. A destination that does not answer is left for later. */
    void look() {
        Instant now = machine.instant();
        Set<String> silent = new HashSet<>();
        oneByOne.each(store.due(now.minus(DAY), now.minus(LATELY), AT_ONCE), archive -> {
            if (!silent.contains(archive.destination())) {
                try {
                    look(archive, now);
                } catch (IOException | CaretakerException e) {
                    LOG.info("destination {} cannot be looked at now: {}", archive.destination(), e.getMessage());
                    silent.add(archive.destination());
                }
            }
        });
    }

    private void look(ArchiveRow archive, Instant now) throws IOException {
        if (archive.state() == ArchiveRow.State.STORED) {
            verification
                    .verify(archive.id(), VerifyLevel.STORED, (_, _, _, _) -> true)
                    .filter(verdict -> !verdict.whole())
                    .ifPresent(verdict -> LOG.warn("{}", verdict.faults().getFirst()));
        }
        ObjectStore place = destinations.store(archive.destination());
        List<ArchivePartRow> parts = archive.state() == ArchiveRow.State.STORED ? store.parts(archive.id()) : List.of();
        Set<String> named =
                parts.stream().map(part -> archive.location() + part.object()).collect(Collectors.toSet());
        if (archive.state() == ArchiveRow.State.STORED) {
            named.add(archive.location() + Manifest.NAME);
        }
        int gone = place.sweepUnfinished(archive.location(), now.minus(DAY));
        for (ObjectStore.Found found : place.list(archive.location(), "", MOST_OBJECTS)) {
            if (!named.contains(found.key()) && found.changed().isBefore(now.minus(DAY))) {
                place.delete(found.key());
                gone++;
            }
        }
        if (archive.state() != ArchiveRow.State.STORED) {
            store.swept(archive.id(), now);
        }
        if (gone > 0) {
            LOG.info("{} objects in {} belonged to no archive any more and are deleted", gone, archive.location());
        }
    }
}
