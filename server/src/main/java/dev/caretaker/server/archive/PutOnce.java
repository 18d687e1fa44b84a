package dev.caretaker.server.archive;

import dev.caretaker.server.archive.PartObjects.PartObject;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Puts files at a destination, where nothing is ever overwritten: what is there already has to be the same. */
final class PutOnce {
    private PutOnce() {}

    /**
     * Puts a file, or finds that an earlier attempt has, and looks that it is there.
     *
     * @param object what is put
     * @throws CaretakerException OBJECT_EXISTS if something else is there; ARCHIVE_DAMAGED if it is not there afterwards, or not all of it
     */
    static void put(ObjectStore place, String key, PartObject object, Manifest.Part part) throws IOException {
        boolean put = object.whole()
                ? place.takeIfAbsent(key, object.file(), part.bytes(), part.sha256())
                : place.putIfAbsent(key, object.file(), part.bytes(), part.sha256());
        if (!put) {
            requireSame(place, key, part);
        }
        requireStored(place, key, part);
    }

    private static void requireSame(ObjectStore place, String key, Manifest.Part part) throws IOException {
        Optional<ObjectStore.Found> found = place.head(key);
        boolean same = found.isPresent()
                && found.get().bytes() == part.bytes()
                && hash(place, key).equals(part.sha256());
        if (!same) {
            throw CaretakerException.of(
                    Reason.OBJECT_EXISTS,
                    "Something else is at " + place.describe() + ", " + key + "; it is not overwritten.");
        }
    }

    private static String hash(ObjectStore place, String key) throws IOException {
        try (InputStream in = place.get(key)) {
            Sha256Stream hashed = new Sha256Stream(in);
            hashed.transferTo(OutputStream.nullOutputStream());
            return hashed.hex();
        }
    }

    /**
     * Whether an object is there, of the right size, and with the right SHA-256 where the destination keeps one.
     *
     * @throws CaretakerException ARCHIVE_DAMAGED
     */
    static void requireStored(ObjectStore place, String key, Manifest.Part part) throws IOException {
        ObjectStore.Found found = place.head(key)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.ARCHIVE_DAMAGED, "A part is missing: " + place.describe() + ", " + key + "."));
        boolean same = found.bytes() == part.bytes()
                && found.sha256().map(part.sha256()::equals).orElse(true);
        if (!same) {
            throw CaretakerException.of(
                    Reason.ARCHIVE_DAMAGED,
                    "A part is not the one that was put: " + place.describe() + ", " + key + ", has " + found.bytes()
                            + " bytes, not " + part.bytes() + ", or another SHA-256.");
        }
    }
}
