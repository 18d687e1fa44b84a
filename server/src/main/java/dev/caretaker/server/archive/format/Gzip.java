package dev.caretaker.server.archive.format;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip, RFC 1952: a frame is a member, and every tool reads members one after the other. */
@Singleton
final class Gzip implements Compression {
    private static final int BUFFER = 64 << 10;

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public String suffix() {
        return ".gz";
    }

    @Override
    public Frames compress(OutputStream out) {
        return new Members(out);
    }

    @Override
    public InputStream expand(InputStream in) throws IOException {
        return new GZIPInputStream(in, BUFFER);
    }

    private static final class Members extends Frames {
        private final OutputStream out;
        private Optional<GZIPOutputStream> member = Optional.empty();

        Members(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            member().write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            member().write(bytes, offset, length);
        }

        private GZIPOutputStream member() throws IOException {
            if (member.isEmpty()) {
                member = Optional.of(new GZIPOutputStream(out, BUFFER));
            }
            return member.get();
        }

        @Override
        public void endFrame() throws IOException {
            if (member.isPresent()) {
                GZIPOutputStream ended = member.get();
                member = Optional.empty();
                ended.close(); // gives its native memory back; what it writes to can be written on
            }
            out.flush();
        }

        @Override
        public void close() throws IOException {
            endFrame();
        }
    }
}
