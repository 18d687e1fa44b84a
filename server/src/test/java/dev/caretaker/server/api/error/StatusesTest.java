package dev.caretaker.server.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusesTest {
    /** What a client accepts of headers unless told otherwise. */
    private static final int HEADER_BYTES = 8 << 10;

    @ParameterizedTest
    @CsvSource({
        "INVALID_FIELD, INVALID_ARGUMENT",
        "TARGET_NOT_FOUND, NOT_FOUND",
        "POLICY_NOT_FOUND, NOT_FOUND",
        "PLAN_NOT_FOUND, NOT_FOUND",
        "RUN_NOT_FOUND, NOT_FOUND",
        "REQUEST_ID_REUSED, ALREADY_EXISTS",
        "REQUEST_IN_PROGRESS, ABORTED",
        "ETAG_MISMATCH, ABORTED",
        "LOCK_NOT_AVAILABLE, ABORTED",
        "EVENTS_EXPIRED, OUT_OF_RANGE",
        "UNSUPPORTED_RELATION, FAILED_PRECONDITION",
        "POLICY_DOES_NOT_FIT, FAILED_PRECONDITION",
        "IS_STANDBY, FAILED_PRECONDITION",
        "TRANSACTION_POOLING, FAILED_PRECONDITION",
        "PLAN_EXPIRED, FAILED_PRECONDITION",
        "PLAN_DRIFTED, FAILED_PRECONDITION",
        "PLAN_ALREADY_EXECUTED, FAILED_PRECONDITION",
        "PLAN_BLOCKED, FAILED_PRECONDITION",
        "PLAN_OVER_LIMIT, FAILED_PRECONDITION",
        "RUN_ENDED, FAILED_PRECONDITION",
        "RUN_CANCELLING, FAILED_PRECONDITION",
        "MISSING_PRIVILEGE, PERMISSION_DENIED",
        "CALLER_NOT_AUTHENTICATED, UNAUTHENTICATED",
        "TARGET_UNREACHABLE, UNAVAILABLE",
        "CONTROL_STORE_UNREACHABLE, UNAVAILABLE"
    })
    void a_reason_has_the_code_that_the_API_documents(Reason reason, Code code) {
        assertThat(Statuses.of(CaretakerException.of(reason, "because"))
                        .getStatus()
                        .getCode())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void every_reason_becomes_the_code_of_its_category_and_tells_its_name(Reason reason) {
        StatusRuntimeException status = Statuses.of(CaretakerException.of(reason, "because"));
        assertThat(status.getStatus().getCode().name())
                .isEqualTo(reason.category().name());
        assertThat(detail(status, ErrorInfo.class)).hasValueSatisfying(info -> {
            assertThat(info.getReason()).isEqualTo(reason.name());
            assertThat(info.getDomain()).isEqualTo("caretaker.dev");
        });
    }

    @Test
    void details_and_the_SQLSTATE_travel_as_metadata() {
        var cause = new SQLException("permission denied for table t", "42501");
        StatusRuntimeException status = Statuses.of(CaretakerException.of(
                Reason.MISSING_PRIVILEGE, "the role may not delete from t", Map.of("table", "t"), cause));
        assertThat(status.getStatus().getDescription()).isEqualTo("the role may not delete from t");
        assertThat(detail(status, ErrorInfo.class).orElseThrow().getMetadataMap())
                .containsExactlyInAnyOrderEntriesOf(Map.of("table", "t", "sqlstate", "42501"));
    }

    @Test
    void every_violation_names_its_field() {
        StatusRuntimeException status = Statuses.of(CaretakerException.invalid(
                List.of(new FieldViolation("a.b", "is wrong"), new FieldViolation("c[0]", "is missing"))));
        assertThat(detail(status, BadRequest.class).orElseThrow().getFieldViolationsList())
                .extracting(violation -> violation.getField() + " " + violation.getDescription())
                .containsExactly("a.b is wrong", "c[0] is missing");
    }

    @Test
    void a_thousand_violations_and_long_texts_fit_into_the_headers_a_client_accepts() {
        List<FieldViolation> many = IntStream.range(0, 1_000)
                .mapToObj(i ->
                        new FieldViolation("policies[" + i + "].filter." + "ü".repeat(900), "ist falsch ".repeat(99)))
                .toList();
        StatusRuntimeException invalid = Statuses.of(CaretakerException.invalid(many));
        assertThat(headerBytes(invalid)).isLessThan(HEADER_BYTES);
        assertThat(detail(invalid, BadRequest.class).orElseThrow().getFieldViolationsList())
                .hasSizeGreaterThan(1)
                .last()
                .satisfies(last -> assertThat(last.getDescription()).matches("and 99\\d more"));

        Map<String, String> metadata = new HashMap<>();
        IntStream.range(0, 500).forEach(i -> metadata.put("key" + i, "漢".repeat(500)));
        StatusRuntimeException talkative =
                Statuses.of(CaretakerException.of(Reason.PLAN_DRIFTED, "漢".repeat(5_000), metadata));
        assertThat(headerBytes(talkative)).isLessThan(HEADER_BYTES);
    }

    @Test
    void what_may_be_retried_says_when() {
        assertThat(detail(Statuses.of(CaretakerException.of(Reason.REQUEST_IN_PROGRESS, "wait")), RetryInfo.class))
                .hasValueSatisfying(
                        retry -> assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1));
        assertThat(detail(Statuses.of(CaretakerException.of(Reason.PLAN_EXPIRED, "late")), RetryInfo.class))
                .isEmpty();
    }

    @Test
    void an_unexpected_exception_becomes_an_incident_and_nothing_of_it_leaks() {
        var secret = new IllegalStateException(
                "SELECT * FROM payroll", new SQLException("FATAL: password \"hunter2\" failed", "XX000"));
        StatusRuntimeException status = Statuses.of(secret);
        assertThat(status.getStatus().getCode()).isEqualTo(Code.INTERNAL);
        assertThat(status.toString() + StatusProto.fromThrowable(status))
                .doesNotContain("payroll", "hunter2", "IllegalState");
        assertThat(detail(status, ErrorInfo.class).orElseThrow().getMetadataMap())
                .containsKey("incident");
    }

    @Test
    void an_internal_error_thrown_on_purpose_does_not_leak_either() {
        StatusRuntimeException status = Statuses.of(CaretakerException.of(
                Reason.INTERNAL,
                "INSERT INTO run failed",
                new SQLException("relation \"run\" does not exist", "42P01")));
        assertThat(status.toString()).doesNotContain("INSERT", "relation");
    }

    @Test
    void a_lost_control_store_is_unavailable_and_says_nothing_of_where_it_is() {
        for (SQLException lost : List.of(
                new SQLException("Connection to db.internal:5432 refused", "08001"),
                new SQLException("terminating connection due to administrator command", "57P01"),
                new SQLTransientConnectionException("pool - Connection is not available"))) {
            StatusRuntimeException status = Statuses.of(new RuntimeException("SELECT 1", lost));
            assertThat(status.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
            assertThat(detail(status, ErrorInfo.class).orElseThrow().getReason())
                    .isEqualTo("CONTROL_STORE_UNREACHABLE");
            assertThat(status.toString()).doesNotContain("db.internal", "SELECT");
        }
    }

    private static <M extends Message> Optional<M> detail(StatusRuntimeException status, Class<M> type) {
        for (Any any : StatusProto.fromThrowable(status).getDetailsList()) {
            if (any.is(type)) {
                try {
                    return Optional.of(any.unpack(type));
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return Optional.empty();
    }

    /** As gRPC writes them: the message percent-encoded, the details in base64. */
    private static int headerBytes(StatusRuntimeException status) {
        var proto = StatusProto.fromThrowable(status);
        int message = proto.getMessageBytes().toByteArray().length * 3;
        int details = (proto.getSerializedSize() + 2) / 3 * 4;
        return message + details + 300;
    }
}
