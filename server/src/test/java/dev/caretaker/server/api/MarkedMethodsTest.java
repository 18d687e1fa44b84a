package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.GetHealthRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Methods that say of themselves that they change nothing are called by GET, which any page may make a browser do: so they must not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MarkedMethodsTest {
    /** What is kept of what people ask for and are told; other tables the server writes by itself. */
    private static final List<String> TABLES = List.of(
            "archive",
            "audit",
            "backup",
            "conversion",
            "debt",
            "external_backup",
            "finding",
            "finding_mute",
            "fire",
            "hold",
            "notification",
            "partition_set",
            "plan",
            "policy",
            "request",
            "run",
            "schedule");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Database target = TestPostgres.newest().database();
    private WholeServer server;
    private String origin;

    @BeforeAll
    void start() {
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz, note text)",
                "INSERT INTO jobs SELECT i, now() - interval '1 year', 'x' FROM generate_series(1, 1000) i",
                "CREATE INDEX one ON jobs (ended)",
                "CREATE INDEX other ON jobs (ended)",
                "ANALYZE jobs");
        server = WholeServer.start(target, Map.of("caretaker.http.port", 0));
        origin = "http://127.0.0.1:" + server.bean(HttpPort.class).port().orElseThrow();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void what_is_called_by_GET_changes_nothing() throws Exception {
        Map<String, String> before = settled();
        List<String> answered = new ArrayList<>();
        Map<String, DescriptorProto> messages = files().stream()
                .flatMap(file -> file.getMessageTypeList().stream())
                .collect(Collectors.toMap(message -> ".caretaker.v1." + message.getName(), Function.identity()));
        for (FileDescriptorProto file : files()) {
            for (var service : file.getServiceList()) {
                for (MethodDescriptorProto method : service.getMethodList()) {
                    if (isMarked(method)) {
                        String path = "/" + file.getPackage() + "." + service.getName() + "/" + method.getName();
                        HttpResponse<String> answer = get(path, json(messages.get(method.getInputType())));
                        assertThat(answer.statusCode())
                                .as(path)
                                .isNotEqualTo(405)
                                .isLessThan(500);
                        if (answer.statusCode() == 200) {
                            answered.add(method.getName());
                        }
                    }
                }
            }
        }
        Map<String, String> after = kept();

        assertThat(after).isEqualTo(before);
        assertThat(answered)
                .contains("CheckTarget", "GetTable", "GetGrowth", "SuggestPolicy", "ListRuns", "GetBackupHealth");
        server.health()
                .getHealth(GetHealthRequest.newBuilder().setTarget("main").build());
        assertThat(kept())
                .as("what this would see of a method that changes something")
                .isNotEqualTo(before);
    }

    /** What is kept once the server has done by itself what other tests gave it to do. */
    private Map<String, String> settled() {
        AtomicReference<Map<String, String>> last = new AtomicReference<>(Map.of());
        await("nothing to be done")
                .during(3, TimeUnit.SECONDS)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> {
                    Map<String, String> now = kept();
                    return now.equals(last.getAndSet(now));
                });
        return last.get();
    }

    @Test
    void what_remembers_what_it_finds_is_not_called_by_GET() throws Exception {
        for (String path : List.of("HealthService/GetHealth", "MaintenanceService/DetectIssues")) {
            HttpResponse<String> answer = get("/caretaker.v1." + path, "{\"target\": \"main\"}");

            assertThat(answer.statusCode()).as(path).isEqualTo(405);
        }
        assertThat(server.maintenance()
                        .detectIssues(DetectIssuesRequest.newBuilder()
                                .setTarget("main")
                                .build())
                        .getFindingsList())
                .isNotEmpty();
    }

    @Test
    void all_others_are_called_by_POST() throws Exception {
        byte[] nonsense = "{\"nonsense\": 1}".getBytes(StandardCharsets.UTF_8);
        byte[] enveloped = ByteBuffer.allocate(5 + nonsense.length)
                .put((byte) 0)
                .putInt(nonsense.length)
                .put(nonsense)
                .array();
        List<String> reached = new ArrayList<>();
        for (FileDescriptorProto file : files()) {
            for (var service : file.getServiceList()) {
                for (MethodDescriptorProto method : service.getMethodList()) {
                    if (isMarked(method)) {
                        continue;
                    }
                    boolean stream = method.getServerStreaming();
                    String path = "/" + file.getPackage() + "." + service.getName() + "/" + method.getName();
                    HttpResponse<String> answer = http.send(
                            HttpRequest.newBuilder(URI.create(origin + path))
                                    .header("Content-Type", stream ? "application/connect+json" : "application/json")
                                    .POST(BodyPublishers.ofByteArray(stream ? enveloped : nonsense))
                                    .build(),
                            BodyHandlers.ofString());

                    assertThat(answer.statusCode()).as(path).isIn(200, 400);
                    assertThat(answer.body()).as(path).contains("invalid_argument", "nonsense");
                    reached.add(method.getName());
                }
            }
        }
        assertThat(reached).contains("ApplyPolicies", "ExecuteCleanup", "TuneRun", "RunBackup", "GetHealth");
    }

    private static boolean isMarked(MethodDescriptorProto method) {
        return method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }

    /** A request about the table of this test, or about something that there is not. */
    private static String json(DescriptorProto message) throws IOException {
        Map<String, Object> fields = new TreeMap<>();
        for (FieldDescriptorProto field : message.getFieldList()) {
            boolean one = field.getLabel() != FieldDescriptorProto.Label.LABEL_REPEATED;
            if (one && field.getTypeName().endsWith(".TableName")) {
                fields.put(field.getName(), Map.of("schema", "public", "name", "jobs"));
            } else if (one && field.getName().equals("target")) {
                fields.put("target", "main");
            } else if (one
                    && field.getName().endsWith("_id")
                    && field.getType() == FieldDescriptorProto.Type.TYPE_STRING) {
                fields.put(field.getName(), UUID.randomUUID().toString());
            }
        }
        return new ObjectMapper().writeValueAsString(fields);
    }

    private Map<String, String> kept() {
        return TABLES.stream()
                .collect(Collectors.toMap(
                        table -> table,
                        table -> String.valueOf(server.store()
                                .value("SELECT md5(string_agg(one::text, chr(10) ORDER BY one::text)) FROM caretaker."
                                        + table + " one"))));
    }

    private List<FileDescriptorProto> files() throws Exception {
        HttpResponse<byte[]> all = http.send(
                HttpRequest.newBuilder(URI.create(origin + "/descriptors.binpb"))
                        .build(),
                BodyHandlers.ofByteArray());
        return FileDescriptorSet.parseFrom(all.body()).getFileList().stream()
                .filter(file -> file.getPackage().equals("caretaker.v1"))
                .toList();
    }

    private HttpResponse<String> get(String path, String message) throws Exception {
        String query = "?connect=v1&encoding=json&message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);
        return http.send(
                HttpRequest.newBuilder(URI.create(origin + path + query)).build(), BodyHandlers.ofString());
    }
}
