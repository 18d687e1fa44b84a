package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams as programs without gRPC follow them. */
interface ConnectStreams extends OnConnect {
    @Test
    default void a_run_is_started_and_followed_to_its_end_by_a_stream() throws Exception {
        String request = "{\"requestId\": \"%s\", \"target\": \"main\", \"tables\": [{\"name\": \"jobs\"}]}"
                .formatted(UUID.randomUUID());

        List<JsonNode> messages = stream(VACUUM, request);

        assertThat(messages.getFirst().at("/event/accepted").isMissingNode()).isFalse();
        assertThat(messages.get(messages.size() - 2).at("/event/finished").isMissingNode())
                .isFalse();
        assertThat(messages.getLast()).isEqualTo(MAPPER.readTree("{}"));
        String run = messages.getFirst().at("/event/runId").asText();
        assertThat(stream(WATCH, "{\"runId\": \"%s\"}".formatted(run))).hasSameSizeAs(messages);
    }

    @Test
    default void a_shell_gets_a_stream_as_lines() throws Exception {
        HttpResponse<String> answer = http().send(
                        request(VACUUM, JSON)
                                .header("Accept", "application/x-ndjson")
                                .POST(BodyPublishers.ofString(
                                        "{\"requestId\": \"%s\", \"target\": \"main\", \"tables\": [{\"name\": \"jobs\"}]}"
                                                .formatted(UUID.randomUUID())))
                                .build(),
                        BodyHandlers.ofString());

        List<String> lines = answer.body().lines().toList();
        assertThat(MAPPER.readTree(lines.getFirst()).at("/event/accepted").isMissingNode())
                .isFalse();
        assertThat(MAPPER.readTree(lines.getLast())
                        .at("/event/finished/outcome")
                        .asText())
                .isEqualTo("RUN_OUTCOME_COMPLETE");
    }

    @Test
    default void a_stream_of_lines_that_cannot_begin_fails_as_a_unary_call_does() throws Exception {
        HttpResponse<String> answer = http().send(
                        request(WATCH, JSON)
                                .header("Accept", "application/x-ndjson")
                                .POST(BodyPublishers.ofString("{\"runId\": \"%s\"}".formatted(UUID.randomUUID())))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).get("code").asText()).isEqualTo("not_found");
    }

    @Test
    default void a_stream_that_fails_says_so_in_its_last_message() throws Exception {
        List<JsonNode> messages = stream(WATCH, "{\"runId\": \"%s\"}".formatted(UUID.randomUUID()));

        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().at("/error/code").asText()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @CsvSource({"00", "00000000", "00000000057b7d", "00000000027b7d00", "02000000027b7d"})
    default void a_stream_takes_just_one_message(String hex) throws Exception {
        HttpResponse<byte[]> answer = http().send(
                        request(WATCH, STREAM)
                                .POST(BodyPublishers.ofByteArray(HexFormat.of().parseHex(hex)))
                                .build(),
                        BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(messages(answer.body()).getLast().at("/error/code").asText()).isEqualTo("invalid_argument");
    }

    /** A pause that nobody ends keeps the run, and its watchers, there. */
    @Test
    default void who_goes_away_takes_no_run_along() throws Exception {
        String request = "{\"requestId\": \"%s\", \"target\": \"main\", \"tables\": [{\"name\": \"jobs\"}]}"
                .formatted(UUID.randomUUID());
        byte[] body = envelope(request);
        String run;
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.getOutputStream()
                    .write(("POST " + VACUUM + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + STREAM
                                    + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            run = uuidIn(socket.getInputStream());
        }

        await().until(() -> server().runs()
                        .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                        .getRun()
                        .getState()
                == RunState.RUN_STATE_ENDED);
    }

    private static String uuidIn(InputStream in) throws IOException {
        var pattern = Pattern.compile("\"runId\":\"([0-9a-f-]{36})\"");
        StringBuilder read = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            read.append((char) next);
            var found = pattern.matcher(read);
            if (found.find()) {
                return found.group(1);
            }
        }
        throw new AssertionError("no run in: " + read);
    }
}
