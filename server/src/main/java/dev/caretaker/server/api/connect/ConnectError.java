package dev.caretaker.server.api.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.caretaker.server.store.Json;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How Connect tells that a call failed. The details are those of gRPC, in protobuf and, to be read, in JSON. */
final class ConnectError {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .usingTypeRegistry(TypeRegistry.newBuilder()
                    .add(ErrorInfo.getDescriptor())
                    .add(BadRequest.getDescriptor())
                    .add(RetryInfo.getDescriptor())
                    .build());

    private ConnectError() {}

    /** As an object of JSON. */
    static Map<String, Object> of(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        com.google.rpc.Status told = StatusProto.fromThrowable(failure);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", ConnectCode.word(status.getCode()));
        if (status.getDescription() != null) {
            error.put("message", status.getDescription());
        }
        List<Map<String, Object>> details = new ArrayList<>();
        for (Any detail : told.getDetailsList()) {
            details.add(detail(detail));
        }
        if (!details.isEmpty()) {
            error.put("details", details);
        }
        return error;
    }

    private static Map<String, Object> detail(Any detail) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("type", detail.getTypeUrl().substring(detail.getTypeUrl().lastIndexOf('/') + 1));
        written.put(
                "value",
                Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(detail.getValue().toByteArray()));
        try {
            written.put("debug", Json.read(PRINTER.print(detail), JsonNode.class));
        } catch (InvalidProtocolBufferException e) {
            // A type that is not known here is told by its bytes alone, as the specification has it.
            return written;
        }
        return written;
    }
}
