package dev.caretaker.cli.error;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An error as the server, or the way to it, reported it.
 *
 * @param code gRPC code
 * @param message sentence; may be empty
 * @param reason stable reason of the ErrorInfo; empty if the error did not come from Caretaker itself
 * @param metadata details of the ErrorInfo
 * @param fields violated fields
 * @param cause what the transport says; may be null
 */
public record ServerError(
        Status.Code code,
        String message,
        String reason,
        Map<String, String> metadata,
        List<BadRequest.FieldViolation> fields,
        Throwable cause) {

    /** Reads the details of a gRPC exception. */
    public static ServerError of(Throwable e) {
        Status status = Status.fromThrowable(e);
        String reason = "";
        Map<String, String> metadata = new LinkedHashMap<>();
        List<BadRequest.FieldViolation> fields = new ArrayList<>();
        com.google.rpc.Status detailed = StatusProto.fromThrowable(e);
        if (detailed != null) {
            try {
                for (Any detail : detailed.getDetailsList()) {
                    if (detail.is(ErrorInfo.class)) {
                        ErrorInfo info = detail.unpack(ErrorInfo.class);
                        reason = info.getReason();
                        metadata.putAll(info.getMetadataMap());
                    } else if (detail.is(BadRequest.class)) {
                        fields.addAll(detail.unpack(BadRequest.class).getFieldViolationsList());
                    }
                }
            } catch (InvalidProtocolBufferException broken) {
                metadata.put("unreadable_details", broken.getMessage());
            }
        }
        String message = status.getDescription() == null ? "" : status.getDescription();
        return new ServerError(status.getCode(), message, reason, metadata, fields, status.getCause());
    }

    /** Is the target to blame, as far as one can tell? Then another one may do better. */
    public boolean concernsTarget() {
        return switch (code) {
            case DEADLINE_EXCEEDED -> true;
            case UNAVAILABLE -> !leavesDoubt();
            case FAILED_PRECONDITION, PERMISSION_DENIED -> !reason.isEmpty();
            default -> false;
        };
    }

    /** May the server have done what was asked although it, or its control store, could not say so any more? */
    public boolean leavesDoubt() {
        return reason.isEmpty() || reason.equals("CONTROL_STORE_UNREACHABLE");
    }

    /**
     * The one line for people: sentence, reason, fields.
     *
     * @param server address of the server
     * @param command what the command that was refused has, by whose names the fields are told
     */
    public String sentence(String server, CommandNames command) {
        String said = fields.isEmpty() ? ServerWords.of(message, command) : complaints(command);
        return reason.isEmpty() ? transportSentence(server) : said + " [" + reason + "]";
    }

    /** What is wrong with the request, in the words of who typed it. */
    private String complaints(CommandNames command) {
        return fields.stream()
                .map(field -> FieldNames.of(field.getField(), command) + ": "
                        + ServerWords.of(field.getDescription(), command).replaceFirst("\\.$", ""))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private String transportSentence(String server) {
        return switch (code) {
            case UNAVAILABLE -> "cannot reach " + server + ": " + rootMessage();
            case DEADLINE_EXCEEDED -> "no answer from " + server + " in time; --timeout waits longer";
            default -> (message.isEmpty() ? "no details given" : message) + " [" + code + "]";
        };
    }

    private String rootMessage() {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        String said = root == null || root.getMessage() == null ? message : root.getMessage();
        if (said.contains("End of stream")) {
            return "it closed the connection without an answer; does it expect --tls?";
        }
        if (said.contains("unable to find valid certification path")) {
            return "nobody whom this machine trusts has signed its certificate; --ca FILE names the certificates (PEM)"
                    + " to trust instead";
        }
        return said.contains("SSL message") ? said + "; does it speak in the clear? Then --insecure" : said;
    }
}
