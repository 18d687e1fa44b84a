package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Looks whether archives are what their manifests say, and notes the answer. It is no run of the engine: nothing is changed but the
 * note, no relation is worked on that would have to be fenced, a look that ends early has lost nothing, and the first two levels
 * must do without the target, which may be gone for good.
 */
@Singleton
public final class Verification {
    private static final int MOST_FAULTS = 100;

    private final ArchiveStore store;
    private final ArchiveFiles files;
    private final Targets targets;
    private final Clock clock;

    Verification(ArchiveStore store, ArchiveFiles files, Targets targets, Clock clock) {
        this.store = store;
        this.files = files;
        this.targets = targets;
        this.clock = clock;
    }

    /** Hears how far it is, and may end it. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called about once a part, and within parts.
         *
         * @return false to end the look: nothing is noted then
         */
        boolean at(int partsDone, int parts, long rowsDone, long bytesDone);
    }

    /** What was found. */
    public record Verdict(boolean whole, List<String> faults, ArchiveRow archive) {}

    /** The look was ended by its listener. */
    private static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Looks.
     *
     * @return empty if the listener ended it
     * @throws CaretakerException ARCHIVE_NOT_FOUND, ARCHIVE_NOT_READY, DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE,
     *     TARGET_NOT_FOUND, TARGET_UNREACHABLE, MISSING_PRIVILEGE
     */
    public Optional<Verdict> verify(UUID id, VerifyLevel level, Listener listener) {
        ArchiveRow archive = store.find(id).orElseThrow(() -> Archives.notFound(id));
        Archives.requireStored(archive);
        List<String> faults = new ArrayList<>();
        try {
            Manifest manifest = files.manifest(archive);
            new Look(archive, manifest, level, listener, faults).run();
        } catch (EndedException e) {
            return Optional.empty();
        } catch (DamagedException e) {
            faults.add("Archive " + id + ": " + e.getMessage() + ".");
        } catch (IOException e) {
            throw ArchiveFiles.unreachable(archive, e);
        }
        store.checked(id, clock.instant(), faults.isEmpty() ? "" : faults.getFirst(), level.name());
        return Optional.of(new Verdict(faults.isEmpty(), faults, store.find(id).orElse(archive)));
    }

    /** One look at all parts. */
    private final class Look {
        private static final int OFTEN = 10_000;

        private final ArchiveRow archive;
        private final Manifest manifest;
        private final VerifyLevel level;
        private final Listener listener;
        private final List<String> faults;
        private int parts;
        private long rows;
        private long bytes;

        Look(ArchiveRow archive, Manifest manifest, VerifyLevel level, Listener listener, List<String> faults) {
            this.archive = archive;
            this.manifest = manifest;
            this.level = level;
            this.listener = listener;
            this.faults = faults;
        }

        void run() throws IOException {
            tell();
            for (Manifest.Part part : manifest.parts()) {
                try {
                    look(part);
                } catch (DamagedException e) {
                    fault("Part " + part.object() + ": " + e.getMessage() + ".");
                } catch (CaretakerException e) {
                    if (e.reason() != Reason.ARCHIVE_DAMAGED) {
                        throw e;
                    }
                    fault(e.getMessage());
                }
                parts++;
                bytes += part.bytes();
                tell();
            }
        }

        private void fault(String sentence) {
            if (faults.size() < MOST_FAULTS) {
                faults.add(sentence);
            }
        }

        private void look(Manifest.Part part) throws IOException {
            PutOnce.requireStored(files.place(archive), archive.location() + part.object(), part);
            switch (level) {
                case STORED -> {}
                case READ_BACK -> {
                    try (PartReading reading = files.open(archive, manifest, part)) {
                        while (reading.next(Format.RowSink.NOWHERE)) {
                            counted();
                        }
                    }
                }
                case RESTORED -> {
                    try (PartReading reading = files.open(archive, manifest, part)) {
                        new TrialLoad(
                                        targets.get(archive.target()),
                                        manifest.source().columns())
                                .load(reading, part, this::counted);
                    }
                }
            }
        }

        private void counted() {
            rows++;
            if (rows % OFTEN == 0) {
                tell();
            }
        }

        private void tell() {
            if (!listener.at(parts, manifest.parts().size(), rows, bytes)) {
                throw new EndedException();
            }
        }
    }
}
