package dev.caretaker.server.api.connect;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Headers of a request, and what of them goes along with the call. */
final class CallHeaders {
    static final String TIMEOUT = "Connect-Timeout-Ms";
    private static final String VERSION = "Connect-Protocol-Version";
    private static final String KNOWN_VERSION = "1";
    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,10}");
    /** Who calls, and in which trace. */
    private static final List<String> FORWARDED = List.of("authorization", "traceparent", "tracestate");

    private CallHeaders() {}

    /** A header of a request; empty if there is none. */
    static String of(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    static Metadata metadata(Headers headers) {
        Metadata metadata = new Metadata();
        for (String name : FORWARDED) {
            String value = headers.getFirst(name);
            if (value != null) {
                metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
            }
        }
        return metadata;
    }

    /**
     * The deadline that the caller sets.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT
     */
    static CallOptions options(Headers headers) {
        String version = headers.getFirst(VERSION);
        if (version != null && !version.equals(KNOWN_VERSION)) {
            throw Refusal.wrong(VERSION + " is " + version + "; this server speaks " + KNOWN_VERSION + ".");
        }
        String timeout = headers.getFirst(TIMEOUT);
        if (timeout == null) {
            return CallOptions.DEFAULT;
        }
        if (!MILLISECONDS.matcher(timeout).matches()) {
            throw Refusal.wrong(TIMEOUT + " is \"" + timeout
                    + "\"; it has to be a number of milliseconds with at most ten digits, such as 5000.");
        }
        return CallOptions.DEFAULT.withDeadlineAfter(Long.parseLong(timeout), TimeUnit.MILLISECONDS);
    }
}
