package dev.caretaker.server.archive;

import com.github.luben.zstd.ZstdIOException;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Rewriting;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Reads a part from its first to its last byte, and believes nothing: not more bytes than promised, before and after
 * decompression, the promised rows, the promised SHA-256.
 */
public final class PartReading implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Manifest.Part part;
    /** Empty where all bytes were looked at before. */
    private final Optional<Sha256Stream> hashed;

    private final Closeable source;
    private final Format.RowReader rows;
    private long read;

    private PartReading(Manifest.Part part, Optional<Sha256Stream> hashed, Closeable source, Format.RowReader rows) {
        this.part = part;
        this.hashed = hashed;
        this.source = source;
        this.rows = rows;
    }

    /**
     * @param stored as it comes from its destination; closed when the reading is
     * @throws DamagedException if it does not begin as it should
     */
    static PartReading open(
            Manifest.Part part,
            InputStream stored,
            Format format,
            Compression compression,
            List<ArchivedColumn> columns)
            throws IOException {
        Sha256Stream hashed = new Sha256Stream(new Limited(stored, part.bytes(), "stored"));
        try {
            InputStream expanded = compression.expand(new BufferedInputStream(hashed, BUFFER));
            InputStream plain = new Limited(expanded, part.rawBytes(), "uncompressed");
            return new PartReading(part, Optional.of(hashed), plain, format.read(plain, columns));
        } catch (IOException e) {
            try (stored) {
                throw cause(part, Optional.of(hashed), e);
            }
        }
    }

    /**
     * Reads rows of a file, whose bytes are known to be those that were put.
     *
     * @param done called when the reading is closed
     */
    static PartReading open(Manifest.Part part, Rewriting.Rows rows, Runnable done) {
        return new PartReading(
                part,
                Optional.empty(),
                () -> {
                    try (rows) {
                        done.run();
                    }
                },
                rows);
    }

    /**
     * The next row.
     *
     * @return false if there is none: then all of it is as promised
     * @throws DamagedException if it is not
     */
    boolean next(Format.RowSink sink) throws IOException {
        if (read == part.rows()) {
            end();
            return false;
        }
        boolean more;
        try {
            more = rows.next(sink);
        } catch (IOException e) {
            throw cause(part, hashed, e);
        }
        if (!more) {
            throw cause(part, hashed, new DamagedException("it has " + read + " rows, not " + part.rows()));
        }
        read++;
        return true;
    }

    /** Reads what is left: if it returns, all of the part is as promised. */
    void toEnd() throws IOException {
        boolean more = true;
        while (more) {
            more = next(Format.RowSink.NOWHERE);
        }
    }

    /** Rows read so far. */
    long read() {
        return read;
    }

    private void end() throws IOException {
        try {
            if (rows.next(Format.RowSink.NOWHERE)) {
                throw new DamagedException("it has more rows than " + part.rows());
            }
        } catch (IOException e) {
            throw cause(part, hashed, e);
        }
        requireBytes(part, hashed);
    }

    /** Reads what is left, and compares all bytes with those that were put. */
    private static void requireBytes(Manifest.Part part, Optional<Sha256Stream> stream) throws IOException {
        if (stream.isEmpty()) {
            return;
        }
        Sha256Stream hashed = stream.get();
        hashed.transferTo(OutputStream.nullOutputStream());
        if (hashed.bytes() != part.bytes()) {
            throw new DamagedException("it has " + hashed.bytes() + " bytes, not " + part.bytes());
        }
        String found = hashed.hex();
        if (!found.equals(part.sha256())) {
            throw new DamagedException("its SHA-256 is " + found + ", not " + part.sha256());
        }
    }

    /**
     * Why it cannot be read. Where its bytes are others than those that were put, that is why, whatever decompression or a row
     * stumbled over first.
     */
    private static IOException cause(Manifest.Part part, Optional<Sha256Stream> hashed, IOException met) {
        IOException found = damaged(met);
        if (!(found instanceof DamagedException)) {
            return found;
        }
        try {
            requireBytes(part, hashed);
            return found;
        } catch (DamagedException e) {
            e.addSuppressed(found);
            return e;
        } catch (IOException e) {
            return e; // the destination does not answer any more
        }
    }

    /** What decompression finds wrong is damage; what the destination finds wrong is not. */
    private static IOException damaged(IOException e) {
        String thrower = e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0].getClassName();
        boolean decompression = e instanceof ZipException
                || e instanceof ZstdIOException
                || e instanceof EOFException
                || thrower.startsWith("com.github.luben.zstd");
        return decompression ? new DamagedException("it cannot be decompressed: " + e.getMessage(), e) : e;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Refuses more bytes than were promised: what is small as it is stored may be huge when it is expanded. */
    private static final class Limited extends FilterInputStream {
        private final long most;
        private final String what;
        private long bytes;

        Limited(InputStream in, long most, String what) {
            super(in);
            this.most = most;
            this.what = what;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            bytes += Math.max(0, read);
            if (bytes > most) {
                throw new DamagedException("it has more " + what + " bytes than " + most);
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
