package dev.caretaker.server.console.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;

/**
 * Why something was not done or cannot be shown.
 *
 * @param title in a few words
 * @param message a sentence or two
 * @param advice what to do about it; may be empty
 * @param reason stable reason, as of the API; may be empty
 * @param details what fields are wrong, sentences
 */
public record Problem(String title, String message, String advice, String reason, List<String> details) {

    public static Problem of(String title, String message) {
        return new Problem(title, message, "", "", List.of());
    }

    /** What the API refused. */
    public static Problem of(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        String message = status.getDescription() == null ? "The server gave no reason." : status.getDescription();
        return new Problem(title(status.getCode()), message, advice(failure), reason(failure), violations(failure));
    }

    /** The status of HTTP for it. */
    public static int http(StatusRuntimeException failure) {
        return switch (failure.getStatus().getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case FAILED_PRECONDITION, ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNAVAILABLE, CANCELLED -> 503;
            case DEADLINE_EXCEEDED -> 504;
            default -> 500;
        };
    }

    private static String title(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> "That cannot be done so";
            case NOT_FOUND -> "It is not there";
            case FAILED_PRECONDITION, ALREADY_EXISTS, ABORTED -> "Not done";
            case UNAUTHENTICATED, PERMISSION_DENIED -> "You may not do that";
            case UNAVAILABLE, CANCELLED -> "Not available now";
            case DEADLINE_EXCEEDED -> "It took too long";
            default -> "Something went wrong";
        };
    }

    private static String advice(StatusRuntimeException failure) {
        return switch (reason(failure)) {
            case "PLAN_EXPIRED", "PLAN_DRIFTED" ->
                "Nothing was removed. Make a new plan, and look at it before you execute it.";
            case "ETAG_MISMATCH" ->
                "Somebody else changed it meanwhile. Load the page again: nothing of yours was stored.";
            case "CONTROL_STORE_UNREACHABLE" -> "Runs go on as far as they can. Try again in a moment.";
            default -> "";
        };
    }

    static String reason(StatusRuntimeException failure) {
        return StatusProto.fromThrowable(failure).getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(detail -> {
                    try {
                        return detail.unpack(ErrorInfo.class).getReason();
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException("the API wrote details that cannot be read", e);
                    }
                })
                .findFirst()
                .orElse("");
    }

    private static List<String> violations(StatusRuntimeException failure) {
        return StatusProto.fromThrowable(failure).getDetailsList().stream()
                .filter(detail -> detail.is(com.google.rpc.BadRequest.class))
                .flatMap(detail -> {
                    try {
                        return detail.unpack(com.google.rpc.BadRequest.class).getFieldViolationsList().stream();
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException("the API wrote details that cannot be read", e);
                    }
                })
                .map(Problem::sentence)
                .distinct()
                .toList();
    }

    private static String sentence(FieldViolation violation) {
        return violation.getField() + ": " + violation.getDescription();
    }
}
