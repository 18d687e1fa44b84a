package dev.caretaker.server.api.error;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Category;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever was thrown into a {@code google.rpc.Status}: what features throw on purpose as they say it, a control
 * store out of reach as UNAVAILABLE, and everything else as INTERNAL with an incident id under which the log has it. A
 * caller never sees the text of an unexpected exception: it may hold statements or credentials.
 *
 * <p>Statuses travel in HTTP/2 headers, of which clients accept 8 KiB by default; so texts are cut and long lists of
 * violations end with their number.
 */
public final class Statuses {
    /** Domain of every ErrorInfo. */
    public static final String DOMAIN = "caretaker.dev";

    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

    /** Bytes of UTF-8; the message is percent-encoded, which may make three of one. */
    private static final int MESSAGE_BYTES = 600;

    private static final int VALUE_BYTES = 200;
    /** Bytes of the whole message; base64 makes a third more of it, and the message's text comes a second time. */
    private static final int STATUS_BYTES = 3_500;

    private Statuses() {}

    /** The status as an exception for {@code onError}. */
    public static StatusRuntimeException of(Throwable thrown) {
        return switch (thrown) {
            case StatusRuntimeException status -> status;
            case StatusException status -> status.getStatus().asRuntimeException(status.getTrailers());
            case CaretakerException known
            when known.reason() != Reason.INTERNAL -> StatusProto.toStatusRuntimeException(status(known));
            default -> StatusProto.toStatusRuntimeException(unexpected(thrown));
        };
    }

    /** Whether nobody threw it on purpose, so that it would become an incident. */
    static boolean isUnexpected(Throwable thrown) {
        return switch (thrown) {
            case StatusRuntimeException _ -> false;
            case StatusException _ -> false;
            case CaretakerException known -> known.reason() == Reason.INTERNAL;
            default -> connectionFailure(thrown).isEmpty();
        };
    }

    private static Status unexpected(Throwable thrown) {
        Optional<SQLException> unreachable = connectionFailure(thrown);
        if (unreachable.isPresent()) {
            LOG.warn("The control store is not reachable: {}", unreachable.get().getMessage());
            return status(CaretakerException.of(
                    Reason.CONTROL_STORE_UNREACHABLE,
                    "The control store is not reachable; try again.",
                    unreachable.get()));
        }
        String incident = UUID.randomUUID().toString();
        LOG.error("Incident {}", incident, thrown);
        return status(CaretakerException.of(
                Reason.INTERNAL,
                "Something went wrong inside Caretaker; its log has it under incident " + incident + ".",
                Map.of("incident", incident)));
    }

    /** Errors of a target are translated where they happen, so a lost connection that comes as far as here is our own. */
    private static Optional<SQLException> connectionFailure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && isConnectionFailure(e)) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    /** SQLSTATE classes 08 (connection exception) and 57P (admin shutdown, crash, cannot connect now), and full pools. */
    private static boolean isConnectionFailure(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientConnectionException
                || (state != null && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")));
    }

    private static Status status(CaretakerException exception) {
        Reason reason = exception.reason();
        Status.Builder status = Status.newBuilder()
                .setCode(code(reason.category()).getNumber())
                .setMessage(cut(exception.getMessage(), MESSAGE_BYTES));
        retryDelay(exception)
                .ifPresent(seconds -> status.addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(seconds))
                        .build())));
        status.addDetails(
                Any.pack(info(exception, STATUS_BYTES / 2 - status.build().getSerializedSize())));
        if (!exception.violations().isEmpty()) {
            status.addDetails(
                    Any.pack(violations(exception, STATUS_BYTES - status.build().getSerializedSize())));
        }
        return status.build();
    }

    private static ErrorInfo info(CaretakerException exception, int room) {
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder().setReason(exception.reason().name()).setDomain(DOMAIN);
        exception.sqlState().ifPresent(state -> info.putMetadata("sqlstate", state));
        new TreeMap<>(exception.metadata()).forEach((key, value) -> {
            String text = cut(value, VALUE_BYTES);
            if (info.build().getSerializedSize() + key.length() + utf8(text) < room) {
                info.putMetadata(key, text);
            }
        });
        return info.build();
    }

    private static BadRequest violations(CaretakerException exception, int room) {
        BadRequest.Builder bad = BadRequest.newBuilder();
        int left = room;
        int told = 0;
        for (FieldViolation violation : exception.violations()) {
            var message = BadRequest.FieldViolation.newBuilder()
                    .setField(cut(violation.field(), VALUE_BYTES))
                    .setDescription(cut(violation.description(), VALUE_BYTES))
                    .build();
            left -= message.getSerializedSize() + 4;
            if (left < VALUE_BYTES) {
                int untold = exception.violations().size() - told;
                bad.addFieldViolations(
                        BadRequest.FieldViolation.newBuilder().setDescription("and " + untold + " more"));
                break;
            }
            bad.addFieldViolations(message);
            told++;
        }
        return bad.build();
    }

    private static Code code(Category category) {
        return switch (category) {
            case INVALID_ARGUMENT -> Code.INVALID_ARGUMENT;
            case NOT_FOUND -> Code.NOT_FOUND;
            case ALREADY_EXISTS -> Code.ALREADY_EXISTS;
            case FAILED_PRECONDITION -> Code.FAILED_PRECONDITION;
            case ABORTED -> Code.ABORTED;
            case OUT_OF_RANGE -> Code.OUT_OF_RANGE;
            case PERMISSION_DENIED -> Code.PERMISSION_DENIED;
            case UNAUTHENTICATED -> Code.UNAUTHENTICATED;
            case UNIMPLEMENTED -> Code.UNIMPLEMENTED;
            case RESOURCE_EXHAUSTED -> Code.RESOURCE_EXHAUSTED;
            case DEADLINE_EXCEEDED -> Code.DEADLINE_EXCEEDED;
            case UNAVAILABLE -> Code.UNAVAILABLE;
            case INTERNAL -> Code.INTERNAL;
        };
    }

    /** Seconds after which trying the very same again may go well. */
    private static Optional<Integer> retryDelay(CaretakerException exception) {
        Optional<Integer> told = Optional.ofNullable(exception.metadata().get(CaretakerException.RETRY_SECONDS))
                .map(Integer::valueOf);
        return told.or(() -> retryDelay(exception.reason()));
    }

    private static Optional<Integer> retryDelay(Reason reason) {
        return switch (reason) {
            case REQUEST_IN_PROGRESS -> Optional.of(1);
            case CONTROL_STORE_UNREACHABLE -> Optional.of(2);
            case TARGET_UNREACHABLE, LOCK_NOT_AVAILABLE -> Optional.of(5);
            default -> Optional.empty();
        };
    }

    /** At most that many bytes of UTF-8, without half characters. */
    private static String cut(String text, int most) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            bytes += utf8(Character.toString(text.codePointAt(i)));
            if (bytes > most) {
                return text.substring(0, i) + "…";
            }
        }
        return text;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
