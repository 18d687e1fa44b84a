package dev.caretaker.server.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.caretaker.server.testing.HttpReceiver.Answer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Somebody who takes traces by OTLP over HTTP, at 127.0.0.1, and reads of them what tests ask for. */
public final class OtlpReceiver implements AutoCloseable {
    private final HttpReceiver receiver = new HttpReceiver();

    public OtlpReceiver() {
        receiver.answer(exchange -> 200);
    }

    /**
     * One span.
     *
     * @param parent empty if it has none
     * @param error empty if it went well
     */
    public record Span(
            String trace,
            String id,
            String parent,
            String name,
            long startNanos,
            long endNanos,
            Map<String, String> attributes,
            String error) {}

    /** Base URL. */
    public String url() {
        return receiver.url("");
    }

    public void answer(Answer next) {
        receiver.answer(next);
    }

    public int requests() {
        return receiver.received("/v1/traces").size();
    }

    /** All that were received, as ExportTraceServiceRequest of opentelemetry-proto numbers their fields. */
    public List<Span> spans() {
        return receiver.received("/v1/traces").stream()
                .flatMap(request -> messages(parse(ByteString.copyFrom(request.body())), 1))
                .flatMap(resource -> messages(resource, 2))
                .flatMap(scope -> messages(scope, 2))
                .map(OtlpReceiver::span)
                .toList();
    }

    private static Span span(UnknownFieldSet span) {
        Map<String, String> attributes = new TreeMap<>();
        messages(span, 9)
                .forEach(attribute -> attributes.put(
                        text(attribute, 1),
                        value(messages(attribute, 2).findFirst().orElseThrow())));
        UnknownFieldSet status = messages(span, 15).findFirst().orElse(UnknownFieldSet.getDefaultInstance());
        boolean failed = status.getField(3).getVarintList().contains(2L);
        return new Span(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span, 5),
                span.getField(7).getFixed64List().getFirst(),
                span.getField(8).getFixed64List().getFirst(),
                attributes,
                failed ? text(status, 2) : "");
    }

    private static String value(UnknownFieldSet value) {
        return value.hasField(3)
                ? Long.toString(value.getField(3).getVarintList().getFirst())
                : text(value, 1);
    }

    private static String hex(UnknownFieldSet message, int field) {
        return Stream.concat(message.getField(field).getLengthDelimitedList().stream(), Stream.of(ByteString.EMPTY))
                .map(bytes -> HexFormat.of().formatHex(bytes.toByteArray()))
                .findFirst()
                .orElseThrow();
    }

    private static String text(UnknownFieldSet message, int field) {
        return Stream.concat(message.getField(field).getLengthDelimitedList().stream(), Stream.of(ByteString.EMPTY))
                .map(ByteString::toStringUtf8)
                .findFirst()
                .orElseThrow();
    }

    private static Stream<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream().map(OtlpReceiver::parse);
    }

    private static UnknownFieldSet parse(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no protobuf", e);
        }
    }

    @Override
    public void close() {
        receiver.close();
    }
}
