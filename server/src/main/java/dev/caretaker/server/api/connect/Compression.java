package dev.caretaker.server.api.connect;

import dev.caretaker.server.error.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** Bodies and messages that are compressed; none may hold more than a message of gRPC may. */
public final class Compression {
    public static final String GZIP = "gzip";
    private static final String IDENTITY = "identity";
    /** As on the gRPC port. */
    private static final int MOST_BYTES = 8 << 20;
    /** Below this the header costs what is saved. */
    private static final int WORTH_IT = 1_024;

    private Compression() {}

    /**
     * Everything there is to read.
     *
     * @param encoding of the bytes, as a header says it; null or empty if none does
     * @throws io.grpc.StatusRuntimeException UNIMPLEMENTED for one that is not known, RESOURCE_EXHAUSTED for too much,
     *     INVALID_ARGUMENT for what is not what it says it is
     */
    static byte[] read(InputStream in, String encoding) throws IOException {
        if (encoding == null || encoding.isEmpty() || encoding.equals(IDENTITY)) {
            return bounded(in);
        }
        if (!encoding.equals(GZIP)) {
            throw Refusal.of(
                    Reason.UNSUPPORTED_ENCODING,
                    "Compression " + encoding + " is not known; there are gzip and identity.");
        }
        byte[] compressed = bounded(in);
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return bounded(plain);
        } catch (ZipException | EOFException e) {
            throw Refusal.wrong("The body is not what its encoding says: gzip.");
        }
    }

    private static byte[] bounded(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw Refusal.of(Reason.MESSAGE_TOO_LARGE, "A message may have at most " + MOST_BYTES + " bytes.");
        }
        return bytes;
    }

    /** The bytes in gzip, if the header of the caller allows that and it makes them smaller. */
    public static Optional<byte[]> smaller(byte[] bytes, String accepted) throws IOException {
        if (bytes.length < WORTH_IT || accepted == null || !accepts(accepted)) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return Optional.of(out.toByteArray());
    }

    private static boolean accepts(String accepted) {
        for (String one : accepted.split(",")) {
            String[] parts = one.strip().split(";");
            boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
            if (parts[0].strip().equals(GZIP) && !refused) {
                return true;
            }
        }
        return false;
    }
}
