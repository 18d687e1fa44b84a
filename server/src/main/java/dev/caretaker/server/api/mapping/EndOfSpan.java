package dev.caretaker.server.api.mapping;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** When something ends by itself that is asked for: at a moment, or so long after the server took the request. */
public final class EndOfSpan {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_525);
    private static final String DURATION = "duration";

    private EndOfSpan() {}

    /**
     * Empty: never by itself, or what was asked for is wrong, which is among the violations then.
     *
     * @param request has a field {@code duration}
     * @param path of its field with the moment
     * @param now when the request is taken, by the clock by which the end comes; asked only for a span
     */
    public static Optional<Instant> read(Violations violations, Message request, String path, Supplier<Instant> now) {
        Optional<Timestamp> at = field(request, path, Timestamp.class);
        Optional<com.google.protobuf.Duration> lasts = field(request, DURATION, com.google.protobuf.Duration.class);
        if (at.isPresent() && lasts.isPresent()) {
            violations.add(DURATION, "must not be there beside " + path);
            return Optional.empty();
        }
        return at.map(moment -> Times.read(violations, path, moment))
                .or(() -> lasts.map(given -> Times.read(
                                violations, DURATION, given, SHORTEST, LONGEST, "more than 0 and at most 100 years"))
                        .map(length -> now.get().plus(length)));
    }

    private static <T> Optional<T> field(Message request, String name, Class<T> type) {
        FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
        return request.hasField(field) ? Optional.of(type.cast(request.getField(field))) : Optional.empty();
    }
}
