package dev.caretaker.server.api.command;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.caretaker.server.store.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What every mutation's request has in common. */
public final class RequestMessage {
    private static final String REQUEST_ID = "request_id";
    private static final String ACTOR = "actor";
    private static final String SUFFIX = "Request";

    private RequestMessage() {}

    public static String requestId(Message request) {
        return (String) request.getField(field(request, REQUEST_ID));
    }

    public static String actor(Message request) {
        return (String) request.getField(field(request, ACTOR));
    }

    /** Name of the RPC. */
    static String method(Message request) {
        String name = request.getDescriptorForType().getName();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** SHA-256 of the content: of everything but the request id and the actor. */
    static byte[] fingerprint(Message request) {
        Message content = request.toBuilder()
                .clearField(field(request, REQUEST_ID))
                .clearField(field(request, ACTOR))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.useDeterministicSerialization();
            content.writeTo(out);
            out.flush();
            return Sha256.of(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FieldDescriptor field(Message request, String name) {
        return request.getDescriptorForType().findFieldByName(name);
    }
}
