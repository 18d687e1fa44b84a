package dev.caretaker.server.api.connect;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A message within a stream: a byte of flags, four of length (the highest first), and the message. */
record Envelope(int flags, byte[] content) {
    private static final int COMPRESSED = 1;
    private static final int END = 2;

    static Envelope message(byte[] content) {
        return new Envelope(0, content);
    }

    /** The last one: whether and why the stream failed, always in JSON. */
    static Envelope end(byte[] content) {
        return new Envelope(END, content);
    }

    /**
     * The one message of a request.
     *
     * @param encoding of compressed messages, as a header says it
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if there is none, or more, or an incomplete one
     */
    static byte[] only(byte[] body, String encoding) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        try {
            int flags = in.readUnsignedByte();
            int length = in.readInt();
            if ((flags & ~COMPRESSED) != 0 || length != in.available()) {
                throw wrong();
            }
            InputStream content = new ByteArrayInputStream(in.readNBytes(length));
            return Compression.read(content, (flags & COMPRESSED) == 0 ? "" : encoding);
        } catch (EOFException e) {
            throw wrong();
        }
    }

    private static RuntimeException wrong() {
        return Refusal.wrong("The body has to be one message in an envelope: a byte of flags, four bytes of length,"
                + " the highest first, and the message.");
    }

    void write(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeByte(flags);
        data.writeInt(content.length);
        data.write(content);
        data.flush();
    }
}
