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
 * The file of a part that is being written, by one writer in all its life. What was made durable is never written again; what
 * comes behind it can be taken back.
 */
public final class PartFile implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Path path;
    private final Compression compression;
    private final FileChannel channel;
    private final byte[] header;
    private Compression.Frames frames;
    private Target target;
    private long durable;
    private long durableRaw;
    private long raw;

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

    /** Completes the frame and forces it to the disk. */
    public void makeDurable() throws IOException {
        if (raw == durableRaw) {
            return;
        }
        frames.endFrame();
        channel.force(false);
        durable = channel.position();
        durableRaw = raw;
    }

    /** Takes back what came behind the durable end. */
    void takeBack() throws IOException {
        if (raw == durableRaw && channel.position() == durable) {
            return;
        }
        target.deaf = true; // what the compressor still holds goes nowhere
        frames.close();
        channel.truncate(durable);
        channel.position(durable);
        raw = durableRaw;
        target = new Target();
        frames = compression.compress(new BufferedOutputStream(target, BUFFER));
    }

    /** Where it is, also after it was closed. */
    public Path path() {
        return path;
    }

    /** Bytes that are durable. */
    public long bytes() {
        return durable;
    }

    /** The same before compression. */
    public long rawBytes() {
        return durableRaw;
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
