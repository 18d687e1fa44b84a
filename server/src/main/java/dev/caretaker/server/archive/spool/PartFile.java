package dev.caretaker.server.archive.spool;

import dev.caretaker.server.archive.format.Compression;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a part that is being written, by one writer in all its life. What lies before the end of a frame is never written
 * again; what comes behind it can be taken back. Another thread may make durable what was ended, while the next frame is written.
 */
public final class PartFile implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Path path;
    private final Compression compression;
    private final FileChannel channel;
    private final byte[] header;
    private Compression.Frames frames;
    private Target target;
    /** Where the latest frame ended, and how many bytes that were before compression. */
    private long ended;

    private long endedRaw;
    private long raw;
    private volatile long durable;

    private PartFile(Path path, Compression compression, FileChannel channel, byte[] header) throws IOException {
        this.path = path;
        this.compression = compression;
        this.channel = channel;
        this.header = header;
        this.target = new Target();
        this.frames = compression.compress(new BufferedOutputStream(target, BUFFER));
    }

    /** Makes it; there must be none of that name. */
    public static PartFile create(Path file, Compression compression, byte[] header) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            SpoolFolder.syncFolder(file.getParent());
            return new PartFile(file, compression, channel, header);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (raw == 0 && header.length > 0) {
            frames.write(header, 0, header.length);
            raw = header.length;
        }
        frames.write(bytes, offset, length);
        raw += length;
    }

    /** Completes the frame. */
    public void endFrame() throws IOException {
        if (raw == endedRaw) {
            return;
        }
        frames.endFrame();
        ended = channel.position();
        endedRaw = raw;
    }

    /**
     * Forces to the disk what lies before the end of a frame.
     *
     * @param end of the frame
     * @throws IOException also if it is closed, unless that is durable already
     */
    public void makeDurable(long end) throws IOException {
        if (durable < end) {
            channel.force(false);
            durable = end;
        }
    }

    /** Takes back what came behind the end of the latest frame. */
    void takeBack() throws IOException {
        if (raw == endedRaw && channel.position() == ended) {
            return;
        }
        target.deaf = true; // what the compressor still holds goes nowhere
        frames.close();
        channel.truncate(ended);
        channel.position(ended);
        raw = endedRaw;
        target = new Target();
        frames = compression.compress(new BufferedOutputStream(target, BUFFER));
    }

    /** Where it is, also after it was closed. */
    public Path path() {
        return path;
    }

    /** Bytes before the end of the latest frame. */
    public long bytes() {
        return ended;
    }

    /** The same before compression. */
    public long rawBytes() {
        return endedRaw;
    }

    /** What is not durable goes. */
    @Override
    public void close() throws IOException {
        try (channel) {
            target.deaf = true;
            frames.close();
            if (channel.size() > durable) {
                channel.truncate(durable);
            }
        }
    }

    /** Writes to the channel. Closing it closes nothing. */
    private final class Target extends OutputStream {
        private boolean deaf;

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (deaf) {
                return;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
