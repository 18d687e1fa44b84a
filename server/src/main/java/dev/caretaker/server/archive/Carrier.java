package dev.caretaker.server.archive;

import dev.caretaker.server.archive.PartObjects.PartObject;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ArchivePartRow;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Carries what lies in this server's spool to its destination: part after part, each verified there before its local copy goes, and
 * the manifest when all of them are. Every step of it may be repeated, by this server or by one that shares the spool.
 */
@Singleton
final class Carrier {
    private final ArchiveStore store;
    private final SpoolFolder folder;
    private final Destinations destinations;
    private final PartObjects objects;
    private final StoredParts stored;
    private final Clock clock;

    Carrier(
            ArchiveStore store,
            SpoolFolder folder,
            Destinations destinations,
            PartObjects objects,
            StoredParts stored,
            Clock clock) {
        this.store = store;
        this.folder = folder;
        this.destinations = destinations;
        this.objects = objects;
        this.stored = stored;
        this.clock = clock;
    }

    /**
     * Does what can be done for a sealed archive from here.
     *
     * @return what keeps it from being stored, one sentence; empty if it is
     */
    Optional<String> carry(ArchiveRow archive) {
        Optional<String> problem = told(archive, place -> {
            carryClosed(archive, place);
            return finish(archive, Json.read(archive.request(), ArchiveRequest.class), place);
        });
        store.problem(archive.id(), problem.orElse(""));
        return problem;
    }

    /**
     * Carries full parts of an archive into which rows still come.
     *
     * @return what keeps them here, one sentence; empty if nothing
     */
    Optional<String> carryFull(ArchiveRow archive) {
        return told(archive, place -> {
            carryClosed(archive, place);
            return Optional.empty();
        });
    }

    /**
     * Puts a part whose batch is not committed yet, and verifies it there.
     *
     * @throws CaretakerException DESTINATION_UNREACHABLE, DESTINATION_NOT_FOUND, ARCHIVE_DAMAGED, SPOOL_FAILED, TOOL_MISSING,
     *     TOOL_FAILED
     */
    void put(ArchiveRow archive, PartMark mark) {
        ArchivePartRow row = store.parts(archive.id()).stream()
                .filter(part -> part.part() == mark.part() && part.file().equals(mark.file()))
                .findFirst()
                .orElseThrow(() -> CaretakerException.of(
                        Reason.ARCHIVE_NOT_READY,
                        "Part " + mark.part() + " of archive " + archive.id() + " is written by somebody else."));
        try {
            ArchiveRequest request = Json.read(archive.request(), ArchiveRequest.class);
            ArchivePartRow now = row.upTo(mark.bytes(), mark.rawBytes(), mark.rows(), mark.hash());
            PartObject put = put(archive, request, now, destinations.store(archive.destination()));
            store.partPut(archive.id(), row.part(), row.file(), put.bytes(), put.sha256());
            objects.forget(request, now);
        } catch (IOException e) {
            throw ArchiveFiles.unreachable(archive, e);
        }
    }

    private void carryClosed(ArchiveRow archive, ObjectStore place) throws IOException {
        ArchiveRequest request = Json.read(archive.request(), ArchiveRequest.class);
        for (ArchivePartRow part : store.parts(archive.id())) {
            if (part.state() == ArchivePartRow.State.CLOSED && part.spoolId().equals(folder.id())) {
                carry(archive, request, part, place);
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        Optional<String> at(ObjectStore place) throws IOException;
    }

    /** What keeps it from being done is an answer; that the control store is away is none. */
    private Optional<String> told(ArchiveRow archive, Work work) {
        try {
            return work.at(destinations.store(archive.destination()));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of("Destination " + archive.destination() + ": " + e.getMessage() + ".");
        }
    }

    private void carry(ArchiveRow archive, ArchiveRequest request, ArchivePartRow row, ObjectStore place)
            throws IOException {
        PartObject put = put(archive, request, row, place);
        store.partStored(archive.id(), row.part(), put.bytes(), put.sha256());
        objects.forget(request, row);
    }

    private PartObject put(ArchiveRow archive, ArchiveRequest request, ArchivePartRow row, ObjectStore place)
            throws IOException {
        PartObject object = objects.of(request, row);
        Manifest.Part part = Manifest.Part.of(row, object.bytes(), object.sha256());
        PutOnce.put(place, archive.location() + row.object(), object, part);
        if (request.terms().verify() != VerifyLevel.STORED) {
            readBack(archive, place, part, request);
        }
        return object;
    }

    private void readBack(ArchiveRow archive, ObjectStore place, Manifest.Part part, ArchiveRequest request)
            throws IOException {
        try (PartReading reading =
                stored.open(archive.destination(), archive.location(), part, StoredParts.Layout.of(request))) {
            reading.toEnd();
        } catch (DamagedException e) {
            throw CaretakerException.of(
                    Reason.ARCHIVE_DAMAGED,
                    "What was put at " + place.describe() + ", " + archive.location() + part.object()
                            + ", is not what was read back: " + e.getMessage() + ".");
        }
    }

    /** The manifest, once all parts are stored. */
    private Optional<String> finish(ArchiveRow archive, ArchiveRequest request, ObjectStore place) throws IOException {
        List<ArchivePartRow> parts = store.parts(archive.id());
        Set<String> elsewhere = new TreeSet<>();
        parts.stream()
                .filter(part -> part.state() != ArchivePartRow.State.STORED)
                .forEach(part -> elsewhere.add(part.server()));
        if (!elsewhere.isEmpty()) {
            return Optional.of("Some parts lie in the spool of another server, which brings them when it is back: "
                    + String.join(", ", elsewhere) + ".");
        }
        byte[] text = Manifest.of(archive, parts).text();
        String key = archive.location() + Manifest.NAME;
        put(archive.id(), place, key, text);
        VerifyLevel level = request.terms().verify() == VerifyLevel.STORED ? VerifyLevel.STORED : VerifyLevel.READ_BACK;
        store.stored(archive.id(), clock.instant(), Sha256.hex(Sha256.of(text), 32), level.name());
        return Optional.empty();
    }

    private void put(UUID archive, ObjectStore place, String key, byte[] text) throws IOException {
        Path file = folder.write(archive, Manifest.NAME, text);
        try {
            if (!place.putIfAbsent(key, file, text.length, Sha256.hex(Sha256.of(text), 32))) {
                try (InputStream in = place.get(key)) {
                    if (!Arrays.equals(text, in.readNBytes(text.length + 1))) {
                        throw CaretakerException.of(
                                Reason.OBJECT_EXISTS,
                                "Another manifest is at " + place.describe() + ", " + key + "; it is not overwritten.");
                    }
                }
            }
        } finally {
            folder.delete(archive, Manifest.NAME);
        }
    }
}
