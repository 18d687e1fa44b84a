package dev.caretaker.server.archive.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * How parts are compressed. They consist of frames, one after the other, each of which can be read without those before it: a
 * part that is cut at the end of a frame is a valid one.
 */
public interface Compression {

    /** As policies and manifests name it: zstd. */
    String name();

    /** What it adds to the name of a file: .zst. */
    String suffix();

    /** Compresses into {@code out}. */
    Frames compress(OutputStream out) throws IOException;

    /** Reads what was compressed, frame after frame. Fails with an IOException where a checksum is wrong or the end is missing. */
    InputStream expand(InputStream in) throws IOException;

    /** Takes bytes and writes frames. */
    abstract class Frames extends OutputStream {
        /** Completes the frame: all that was taken is written. The next byte begins another one. */
        public abstract void endFrame() throws IOException;

        /** Lets go of memory; a frame that was begun is completed. */
        @Override
        public abstract void close() throws IOException;
    }
}
