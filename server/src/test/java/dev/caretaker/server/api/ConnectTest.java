package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.rpc.ErrorInfo;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over HTTP as programs without gRPC call it: the bytes of the Connect protocol, against a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectTest implements ConnectStreams {
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

    @Override
    public HttpClient http() {
        return http;
    }

    @Override
    public WholeServer server() {
        return server;
    }

    @Override
    public int port() {
        return port;
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
        assertThat(json(answer).get("message").asText()).contains(named).doesNotContain("Exception");
        assertThat(json(answer).at("/details/0/debug/reason").asText()).isEqualTo("INVALID_FIELD");
        assertThat(post(APPLY, JSON, "x".repeat(100_000)).body()).hasSizeLessThan(4_000);
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
        String binary = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        ListTargetsRequest.newBuilder().setPageSize(1).build().toByteArray());
        HttpResponse<byte[]> proto = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + TARGETS
                                + "?connect=v1&encoding=proto&base64=1&message=" + binary))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(proto.headers().firstValue("Content-Type")).contains("application/proto");
        assertThat(ListTargetsResponse.parseFrom(proto.body()).getTargets(0).getName())
                .isEqualTo("main");
    }

    @Test
    void a_page_of_another_site_calls_nothing_unless_it_has_a_token() throws Exception {
        HttpRequest.Builder get = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + TARGETS + "?connect=v1&encoding=json&message=%7B%7D"));

        for (String site : List.of("cross-site", "same-site")) {
            assertRefused(
                    http.send(get.copy().header("Sec-Fetch-Site", site).build(), BodyHandlers.ofString()),
                    "permission_denied",
                    "PAGE_NOT_SERVED");
        }
        for (HttpRequest.Builder own : List.of(
                get.copy().header("Sec-Fetch-Site", "same-origin"),
                get.copy().header("Sec-Fetch-Site", "none"),
                get.copy().header("Sec-Fetch-Site", "cross-site").header("Authorization", "Bearer of-its-own"))) {
            assertThat(http.send(own.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_method_that_changes_something_is_not_called_by_GET() throws Exception {
        HttpResponse<String> answer = get(APPLY + "?encoding=json&message=%7B%7D");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
        assertRefused(answer, "unimplemented", "HTTP_METHOD_NOT_ALLOWED");
    }

    @Test
    void a_body_of_another_type_is_refused_with_those_that_are_taken() throws Exception {
        HttpResponse<String> answer = post(TARGETS, "text/plain", "{}");

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept-Post")).contains("application/json, application/proto");
        assertRefused(answer, "unimplemented", "UNSUPPORTED_ENCODING");
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
        assertThat(answer.headers().firstValue("Vary")).contains("Accept-Encoding");
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(MAPPER.readTree(plain).get("checks").size()).isGreaterThan(50);
        }
    }

    @Test
    void the_message_of_a_stream_may_be_compressed() throws Exception {
        byte[] packed = gzip("{\"nonsense\": 1}".getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = http.send(
                request("/caretaker.v1.RunService/WatchRun", "application/connect+json")
                        .header("Connect-Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(ByteBuffer.allocate(5 + packed.length)
                                .put((byte) 1)
                                .putInt(packed.length)
                                .put(packed)
                                .array()))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.body()).contains("invalid_argument", "nonsense");
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
        assertRefused(answer, "resource_exhausted", "MESSAGE_TOO_LARGE");
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
        assertThat(json(answer).get("message").asText()).contains(named, value);
        assertRefused(answer, "invalid_argument", "INVALID_FIELD");
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
        assertRefused(answer, "deadline_exceeded", "DEADLINE_EXCEEDED");
        assertThat(json(answer).get("message").asText()).contains("0 ms of Connect-Timeout-Ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/caretaker.v1.TargetService/ListTarget", "/caretaker.v1.Nobody/ListTargets"})
    void what_there_is_not_is_refused_as_calls_are_whatever_the_caller_accepts(String path) throws Exception {
        HttpResponse<String> answer = http.send(
                request(path, JSON)
                        .header("Accept", "text/html")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertRefused(answer, "unimplemented", "NO_SUCH_METHOD");
    }

    @ParameterizedTest
    @CsvSource({
        TARGETS + ",application/json,HOST_NOT_SERVED",
        "/console/,text/plain,localhost",
        "/metrics,text/plain,localhost"
    })
    void a_name_that_only_seems_to_mean_this_machine_is_refused(String path, String type, String why) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: rebound.example.org\r\nConnection: close\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 421")
                    .contains("\r\nContent-type: " + type, why);
        }
    }

    private void assertRefused(HttpResponse<String> answer, String code, String reason) throws IOException {
        assertThat(answer.headers().firstValue("Content-Type")).contains(JSON);
        assertThat(json(answer).get("code").asText()).isEqualTo(code);
        assertThat(json(answer).at("/details/0/debug/reason").asText()).isEqualTo(reason);
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
            HttpRequest.Builder descriptors = HttpRequest.newBuilder(uri.resolve("/descriptors.binpb"));
            assertThat(http.send(descriptors.copy().build(), BodyHandlers.discarding())
                            .statusCode())
                    .as("what the services look like is told to who may call")
                    .isEqualTo(401);
            assertThat(http.send(
                                    descriptors
                                            .header("Authorization", "Bearer a-secret")
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
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

            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(json(answer).get("message").asText()).contains("caretaker.http.api");
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

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
