package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.rpc.ErrorInfo;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.RunState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API over HTTP as programs without gRPC call it: the bytes of the Connect protocol, against a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectTest {
    private static final String TARGETS = "/caretaker.v1.TargetService/ListTargets";
    private static final String APPLY = "/caretaker.v1.PolicyService/ApplyPolicies";
    private static final String VACUUM = "/caretaker.v1.MaintenanceService/RunVacuum";
    private static final String WATCH = "/caretaker.v1.RunService/WatchRun";
    private static final String JSON = "application/json";
    private static final String STREAM = "application/connect+json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Database target = TestPostgres.newest().database();
    private WholeServer server;
    private int port;

    @BeforeAll
    void start() {
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)", "INSERT INTO jobs VALUES (1, now())");
        server = WholeServer.start(target, Map.of("caretaker.http.port", 0));
        port = server.bean(HttpPort.class).port().orElseThrow();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void a_unary_call_takes_and_gives_json() throws Exception {
        HttpResponse<String> answer = post(TARGETS, JSON, "{}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(JSON);
        assertThat(json(answer).at("/targets/0/name").asText()).isEqualTo("main");
    }

    @Test
    void a_unary_call_without_a_body_is_one_without_fields() throws Exception {
        assertThat(post(TARGETS, "application/json; charset=utf-8", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_unary_call_takes_and_gives_protobuf() throws Exception {
        HttpRequest request = request(TARGETS, "application/proto")
                .POST(BodyPublishers.ofByteArray(
                        ListTargetsRequest.getDefaultInstance().toByteArray()))
                .build();

        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());

        assertThat(ListTargetsResponse.parseFrom(answer.body()).getTargets(0).getName())
                .isEqualTo("main");
    }

    @Test
    void an_error_tells_its_code_its_reason_and_how_gRPC_would_have_told_it() throws Exception {
        HttpResponse<String> answer =
                post("/caretaker.v1.RunService/GetRun", JSON, "{\"runId\": \"%s\"}".formatted(UUID.randomUUID()));

        assertThat(answer.statusCode()).isEqualTo(404);
        JsonNode error = json(answer);
        assertThat(error.get("code").asText()).isEqualTo("not_found");
        assertThat(error.get("message").asText()).isNotBlank();
        JsonNode detail = error.at("/details/0");
        assertThat(detail.get("type").asText()).isEqualTo("google.rpc.ErrorInfo");
        assertThat(ErrorInfo.parseFrom(
                                Base64.getDecoder().decode(detail.get("value").asText()))
                        .getReason())
                .isEqualTo("RUN_NOT_FOUND");
        assertThat(detail.at("/debug/reason").asText()).isEqualTo("RUN_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"validateOnyl": true}        | validateOnyl
            {"policies": [{"name": 3.5}]} | name
            {"policies": }                | ApplyPoliciesRequest
            [1, 2]                        | ApplyPoliciesRequest
            """)
    void what_is_no_such_message_is_refused_with_what_is_wrong(String body, String named) throws Exception {
        HttpResponse<String> answer = post(APPLY, JSON, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("code").asText()).isEqualTo("invalid_argument");
        assertThat(json(answer).get("message").asText()).contains(named);
        assertThat(post("/caretaker.v1.PolicyService/ListPolicies", JSON, "{}").body())
                .isEqualTo("{}");
    }

    @Test
    void a_method_that_changes_nothing_is_called_by_GET() throws Exception {
        String message = URLEncoder.encode("{\"pageSize\": 1}", StandardCharsets.UTF_8);
        String inBase64 = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"pageSize\": 1}".getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> plain = get(TARGETS + "?connect=v1&encoding=json&message=" + message);
        HttpResponse<String> base64 = get(TARGETS + "?connect=v1&encoding=json&base64=1&message=" + inBase64);

        assertThat(json(plain).at("/targets/0/name").asText()).isEqualTo("main");
        assertThat(base64.body()).isEqualTo(plain.body());
    }

    @Test
    void a_method_that_changes_something_is_not_called_by_GET() throws Exception {
        HttpResponse<String> answer = get(APPLY + "?encoding=json&message=%7B%7D");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void a_body_of_another_type_is_refused_with_those_that_are_taken() throws Exception {
        HttpResponse<String> answer = post(TARGETS, "text/plain", "{}");

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept-Post")).contains("application/json, application/proto");
        assertThat(post(WATCH, JSON, "{}").headers().firstValue("Accept-Post"))
                .contains("application/connect+json, application/connect+proto");
    }

    @Test
    void bodies_are_compressed_where_both_sides_want_it() throws Exception {
        HttpResponse<byte[]> answer = http.send(
                request("/caretaker.v1.IssueService/ListChecks", JSON)
                        .header("Content-Encoding", "gzip")
                        .header("Accept-Encoding", "br, gzip;q=0.8")
                        .POST(BodyPublishers.ofByteArray(gzip("{}".getBytes(StandardCharsets.UTF_8))))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(MAPPER.readTree(plain).get("checks").size()).isGreaterThan(50);
        }
    }

    @Test
    void a_body_that_grows_without_end_when_it_is_unpacked_is_refused() throws Exception {
        HttpResponse<String> answer = http.send(
                request(TARGETS, JSON)
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(gzip(new byte[64 << 20])))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(json(answer).get("code").asText()).isEqualTo("resource_exhausted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Connect-Timeout-Ms       | soon | Connect-Timeout-Ms
            Connect-Timeout-Ms       | -1   | Connect-Timeout-Ms
            Connect-Protocol-Version | 2    | Connect-Protocol-Version
            """)
    void a_header_that_makes_no_sense_is_refused(String header, String value, String named) throws Exception {
        HttpResponse<String> answer = http.send(
                request(TARGETS, JSON)
                        .header(header, value)
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("message").asText()).contains(named);
    }

    @Test
    void a_deadline_ends_a_call() throws Exception {
        HttpResponse<String> answer = http.send(
                request(TARGETS, JSON)
                        .header("Connect-Timeout-Ms", "0")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(json(answer).get("code").asText()).isEqualTo("deadline_exceeded");
    }

    @Test
    void a_run_is_started_and_followed_to_its_end_by_a_stream() throws Exception {
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
    void a_shell_gets_a_stream_as_lines() throws Exception {
        HttpResponse<String> answer = http.send(
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
    void a_stream_of_lines_that_cannot_begin_fails_as_a_unary_call_does() throws Exception {
        HttpResponse<String> answer = http.send(
                request(WATCH, JSON)
                        .header("Accept", "application/x-ndjson")
                        .POST(BodyPublishers.ofString("{\"runId\": \"%s\"}".formatted(UUID.randomUUID())))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).get("code").asText()).isEqualTo("not_found");
    }

    @Test
    void a_stream_that_fails_says_so_in_its_last_message() throws Exception {
        List<JsonNode> messages = stream(WATCH, "{\"runId\": \"%s\"}".formatted(UUID.randomUUID()));

        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().at("/error/code").asText()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @CsvSource({"00", "00000000", "00000000057b7d", "00000000027b7d00", "02000000027b7d"})
    void a_stream_takes_just_one_message(String hex) throws Exception {
        HttpResponse<byte[]> answer = http.send(
                request(WATCH, STREAM)
                        .POST(BodyPublishers.ofByteArray(HexFormat.of().parseHex(hex)))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(messages(answer.body()).getLast().at("/error/code").asText()).isEqualTo("invalid_argument");
    }

    /** A pause that nobody ends keeps the run, and its watchers, there. */
    @Test
    void who_goes_away_takes_no_run_along() throws Exception {
        String request = "{\"requestId\": \"%s\", \"target\": \"main\", \"tables\": [{\"name\": \"jobs\"}]}"
                .formatted(UUID.randomUUID());
        byte[] body = envelope(request);
        String run;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("POST " + VACUUM + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + STREAM
                                    + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            run = uuidIn(socket.getInputStream());
        }

        await().until(() -> server.runs()
                        .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                        .getRun()
                        .getState()
                == RunState.RUN_STATE_ENDED);
    }

    @Test
    void a_name_that_only_seems_to_mean_this_machine_is_refused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("POST " + TARGETS + " HTTP/1.1\r\nHost: rebound.example.org\r\nConnection: close\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 421");
        }
    }

    @Test
    void callers_prove_who_they_are_as_on_the_gRPC_port(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(
                folder.resolve("tokens"), "ci: " + HexFormat.of().formatHex(Sha256.of("a-secret")) + "\n");
        try (WholeServer guarded = WholeServer.start(
                target, Map.of("caretaker.http.port", 0, "caretaker.listen.tokens-file", tokens.toString()))) {
            URI uri = URI.create(
                    "http://127.0.0.1:" + guarded.bean(HttpPort.class).port().orElseThrow() + TARGETS);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).header("Content-Type", JSON).POST(BodyPublishers.ofString("{}"));

            HttpResponse<String> nobody = http.send(request.copy().build(), BodyHandlers.ofString());
            HttpResponse<String> known =
                    http.send(request.header("Authorization", "Bearer a-secret").build(), BodyHandlers.ofString());

            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(json(nobody).at("/details/0/debug/reason").asText()).isEqualTo("CALLER_NOT_AUTHENTICATED");
            assertThat(known.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void the_port_may_be_without_the_api() throws Exception {
        try (WholeServer pages =
                WholeServer.start(target, Map.of("caretaker.http.port", 0, "caretaker.http.api", false))) {
            URI uri = URI.create(
                    "http://127.0.0.1:" + pages.bean(HttpPort.class).port().orElseThrow() + TARGETS);
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString("{}"))
                    .build();

            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void curl_calls_it() throws Exception {
        assumeTrue(isThere("curl"), "curl is not installed");
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        "{}",
                        "http://127.0.0.1:" + port + TARGETS)
                .redirectErrorStream(true)
                .start();

        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(MAPPER.readTree(answer).at("/targets/0/name").asText()).isEqualTo("main");
    }

    private static boolean isThere(String program) {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<JsonNode> stream(String path, String message) throws Exception {
        HttpRequest request = request(path, STREAM)
                .POST(BodyPublishers.ofByteArray(envelope(message)))
                .build();
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(STREAM);
        return messages(answer.body());
    }

    private static List<JsonNode> messages(byte[] body) throws IOException {
        List<JsonNode> messages = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        int flags = 0;
        while (in.available() > 0) {
            assertThat(flags).as("nothing comes after the end").isZero();
            flags = in.readUnsignedByte();
            messages.add(MAPPER.readTree(in.readNBytes(in.readInt())));
        }
        assertThat(flags).as("flags of the last message").isEqualTo(2);
        return messages;
    }

    private static byte[] envelope(String message) throws IOException {
        byte[] content = message.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeInt(content.length);
        out.write(content);
        return bytes.toByteArray();
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

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return http.send(request(path, type).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String type) {
        return HttpRequest.newBuilder(uri(path)).header("Content-Type", type);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return MAPPER.readTree(answer.body());
    }
}
