package dev.caretaker.server.archive.format;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Parts as they are. */
@Singleton
final class NoCompression implements Compression {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public String suffix() {
        return "";
    }

    @Override
    public Frames compress(OutputStream out) {
        return new Frames() {
            @Override
            public void write(int octet) throws IOException {
                out.write(octet);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void endFrame() throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                endFrame();
            }
        };
    }

    @Override
    public InputStream expand(InputStream in) {
        return in;
    }
}
