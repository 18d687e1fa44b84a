package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call was refused with, as a client sees it. */
record ErrorDetails(StatusRuntimeException thrown) {

    static ErrorDetails of(ThrowingCallable call) {
        StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(thrown).as("the call is refused").isNotNull();
        return new ErrorDetails(thrown);
    }

    String code() {
        return thrown.getStatus().getCode().name();
    }

    String reason() {
        return info().getReason();
    }

    ErrorInfo info() {
        for (Any detail : StatusProto.fromThrowable(thrown).getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                return unpack(detail, ErrorInfo.class);
            }
        }
        throw new AssertionError("no ErrorInfo in " + StatusProto.fromThrowable(thrown));
    }

    List<String> fields() {
        return StatusProto.fromThrowable(thrown).getDetailsList().stream()
                .filter(detail -> detail.is(BadRequest.class))
                .flatMap(detail -> unpack(detail, BadRequest.class).getFieldViolationsList().stream())
                .map(BadRequest.FieldViolation::getField)
                .toList();
    }

    private static <M extends com.google.protobuf.Message> M unpack(Any detail, Class<M> type) {
        try {
            return detail.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
