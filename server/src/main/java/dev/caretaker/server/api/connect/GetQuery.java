package dev.caretaker.server.api.connect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The request of a GET, which lies in its query.
 *
 * @param codec of the message, and of the answer
 */
record GetQuery(Codec codec, byte[] message) {

    /** @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, UNIMPLEMENTED */
    static GetQuery of(URI uri) throws IOException {
        Map<String, String> query = parameters(uri);
        Codec codec = Codec.of(query.getOrDefault("encoding", "json"))
                .orElseThrow(() -> Refusal.wrong("encoding has to be json or proto."));
        String text = query.getOrDefault("message", "");
        byte[] message =
                query.getOrDefault("base64", "0").equals("1") ? base64(text) : text.getBytes(StandardCharsets.UTF_8);
        return new GetQuery(codec, Compression.read(new ByteArrayInputStream(message), query.get("compression")));
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new HashMap<>();
        String query = uri.getRawQuery();
        if (query != null) {
            for (String pair : query.split("&")) {
                String[] parts = pair.split("=", 2);
                parameters.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.wrong("The query is not percent-encoded well: " + e.getMessage());
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.wrong("message is not base64 of the URL-safe kind.");
        }
    }
}
