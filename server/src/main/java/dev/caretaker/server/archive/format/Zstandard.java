package dev.caretaker.server.archive.format;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Zstandard, RFC 8878, with a checksum at the end of every frame. */
@Singleton
final class Zstandard implements Compression {
    /** The usual one of the library and of its command. */
    private static final int LEVEL = 3;

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public String suffix() {
        return ".zst";
    }

    @Override
    public Frames compress(OutputStream out) throws IOException {
        ZstdOutputStreamNoFinalizer frames = new ZstdOutputStreamNoFinalizer(out, LEVEL);
        frames.setChecksum(true);
        frames.setCloseFrameOnFlush(true);
        return new Frames() {
            @Override
            public void write(int octet) throws IOException {
                frames.write(octet);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                frames.write(bytes, offset, length);
            }

            @Override
            public void endFrame() throws IOException {
                frames.flush();
                out.flush();
            }

            @Override
            public void close() throws IOException {
                frames.close();
            }
        };
    }

    @Override
    public InputStream expand(InputStream in) throws IOException {
        return new ZstdInputStreamNoFinalizer(in);
    }
}
