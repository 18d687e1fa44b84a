package dev.caretaker.server.archive;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.store.ArchiveStore;
import java.time.Clock;
import java.time.Duration;

/** The daily sweep, as it is when a server looks two days from now. */
public final class SweepNow {
    private SweepNow() {}

    public static void run(
            ArchiveStore store, SpoolFolder spool, Destinations destinations, Verification verification) {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
        ArchiveSweeper sweeper = new ArchiveSweeper(store, spool, destinations, verification, later);
        sweeper.sweepSpool();
        sweeper.look();
    }
}
