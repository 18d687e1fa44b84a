package dev.caretaker.server.archive.place;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where objects are kept by key. Nothing that is there is ever overwritten. Keys have slashes between their segments, of which
 * none is empty, "." or "..".
 *
 * <p>All methods throw {@link StoreException} if the store cannot be reached, refuses, or has no room; what was asked of it may have
 * happened then.
 */
public interface ObjectStore extends AutoCloseable {

    /**
     * Puts the first bytes of a file, unless something has that key. When it returns, they are durable there.
     *
     * @param bytes how many
     * @param sha256 of these bytes, hexadecimal
     * @return false if something has that key; it may be what an earlier attempt has put
     */
    boolean putIfAbsent(String key, Path file, long bytes, String sha256) throws IOException;

    /**
     * As {@link #putIfAbsent}, of all of a file to which nobody writes any more: a store on the same disk may keep that file itself, in
     * place of a copy. The caller may delete the file's name, and nothing else.
     *
     * @param bytes of the whole file
     */
    default boolean takeIfAbsent(String key, Path file, long bytes, String sha256) throws IOException {
        return putIfAbsent(key, file, bytes, sha256);
    }

    /** Does nothing if something can be put here now. Leaves nothing behind. */
    void requireWritable() throws IOException;

    /** What has that key; empty if nothing. */
    Optional<Found> head(String key) throws IOException;

    /**
     * Reads an object from its begin.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    InputStream get(String key) throws IOException;

    /**
     * Objects whose key begins with a prefix, in the order of their keys.
     *
     * @param after only keys behind this one; empty for all
     * @param most how many at most
     */
    List<Found> list(String prefix, String after, int most) throws IOException;

    /** Removes an object; nothing happens if there is none. */
    void delete(String key) throws IOException;

    /**
     * Removes what attempts to put something have left and that is no object: temporary files, uploads in pieces.
     *
     * @param prefix only where the key begins so
     * @param before only what was begun before
     * @return how many were removed
     */
    int sweepUnfinished(String prefix, Instant before) throws IOException;

    /** What an error of this store is about, for people: {@code bucket archive at https://…}. */
    String describe();

    @Override
    default void close() {}

    /**
     * An object.
     *
     * @param sha256 as the store keeps it, hexadecimal; empty if it keeps none
     */
    record Found(String key, long bytes, Instant changed, Optional<String> sha256) {}
}
