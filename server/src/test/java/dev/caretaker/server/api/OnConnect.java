package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tests that call one server by the Connect protocol. */
interface OnConnect {
    String TARGETS = "/caretaker.v1.TargetService/ListTargets";
    String APPLY = "/caretaker.v1.PolicyService/ApplyPolicies";
    String VACUUM = "/caretaker.v1.MaintenanceService/RunVacuum";
    String WATCH = "/caretaker.v1.RunService/WatchRun";
    String JSON = "application/json";
    String STREAM = "application/connect+json";
    ObjectMapper MAPPER = new ObjectMapper();

    HttpClient http();

    WholeServer server();

    int port();

    default List<JsonNode> stream(String path, String message) throws Exception {
        HttpRequest request = request(path, STREAM)
                .POST(BodyPublishers.ofByteArray(envelope(message)))
                .build();
        HttpResponse<byte[]> answer = http().send(request, BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(STREAM);
        return messages(answer.body());
    }

    default List<JsonNode> messages(byte[] body) throws IOException {
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

    default byte[] envelope(String message) throws IOException {
        byte[] content = message.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeInt(content.length);
        out.write(content);
        return bytes.toByteArray();
    }

    default HttpResponse<String> post(String path, String type, String body) throws Exception {
        return http().send(
                        request(path, type).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    default HttpResponse<String> get(String path) throws Exception {
        return http().send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    default HttpRequest.Builder request(String path, String type) {
        return HttpRequest.newBuilder(uri(path)).header("Content-Type", type);
    }

    default URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    default JsonNode json(HttpResponse<String> answer) throws IOException {
        return MAPPER.readTree(answer.body());
    }
}
