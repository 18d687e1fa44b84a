package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ListRunsRequest;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The programs and commands of {@code examples/}, as they are, against a real server. What is not installed is skipped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolve("../examples")
            .normalize();
    private static final String SCRIPTS = "/scripts/";

    private final Database target = TestPostgres.newest().database();
    private WholeServer server;

    /** How a program ended, and what it said. */
    private record Ended(int code, String said) {}

    @BeforeAll
    void start() {
        target.execute("CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)", "CREATE INDEX ON jobs (ended)");
        server = WholeServer.start(target, Map.of("caretaker.http.port", 0));
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies(ScheduleScene.policy("jobs", "main", "jobs"))
                        .build());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void rows() {
        target.execute(
                "TRUNCATE jobs",
                "INSERT INTO jobs SELECT g, now() - interval '3 days' FROM generate_series(1, 500) g",
                "INSERT INTO jobs VALUES (0, now())",
                "ANALYZE jobs");
    }

    @Test
    void the_shell_plans_executes_and_tells_how_it_ended() throws Exception {
        requires("curl", "--version");

        Ended ended = run(EXAMPLES.resolve("shell"), Map.of(), "sh", "cleanup.sh", "main");

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said()).contains("\"rowsDeleted\":\"500\"");
        onlyTheNewRowIsLeft();
    }

    @Test
    void the_shell_says_why_it_was_refused() throws Exception {
        requires("curl", "--version");

        Ended ended = run(EXAMPLES.resolve("shell"), Map.of(), "sh", "cleanup.sh", "nowhere");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).contains("TARGET_NOT_FOUND");
    }

    @Test
    void python_plans_executes_and_tells_how_it_ended() throws Exception {
        requires("python3", "--version");

        Ended ended = run(EXAMPLES.resolve("python"), Map.of(), "python3", "cleanup.py", "main");

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said()).startsWith("COMPLETE: 500 rows deleted");
        onlyTheNewRowIsLeft();
        assertThat(run(EXAMPLES.resolve("python"), Map.of(), "python3", "cleanup.py", "nowhere")
                        .said())
                .startsWith("not_found TARGET_NOT_FOUND");
    }

    @Test
    void python_plans_and_executes_over_gRPC_by_the_grpcio_of_Debian(@TempDir Path folder) throws Exception {
        assumeTrue(
                answers("sh", "-c", "command -v protoc grpc_python_plugin && /usr/bin/python3 -c 'import grpc'"),
                "Debian's grpcio and its plugin of protoc are not installed");
        Path protos = EXAMPLES.resolve("../proto/src/main/protobuf").normalize();
        Ended generated = run(
                folder,
                Map.of("PROTOS", protos.toString()),
                "sh",
                "-c",
                "protoc -I \"$PROTOS\" --python_out=. --grpc_out=. --plugin=protoc-gen-grpc=\"$(command -v grpc_python_plugin)\""
                        + " \"$PROTOS\"/caretaker/v1/*.proto");
        assertThat(generated.code()).as(generated.said()).isZero();

        Ended ended = run(
                EXAMPLES.resolve("python"),
                Map.of("PYTHONPATH", folder.toString()),
                "/usr/bin/python3",
                "grpc_cleanup.py",
                "main");

        assertThat(ended.said()).startsWith("COMPLETE: 500 rows deleted");
        assertThat(ended.code()).isZero();
        onlyTheNewRowIsLeft();
    }

    @Test
    void java_plans_executes_and_tells_how_it_ended() throws Exception {
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "Cleanup.java",
                "main");

        Ended ended = run(EXAMPLES.resolve("java"), Map.of(), command.toArray(String[]::new));

        assertThat(ended.said()).contains("COMPLETE: 500 rows deleted");
        assertThat(ended.code()).isZero();
        onlyTheNewRowIsLeft();
    }

    @Test
    void the_clients_of_npm_plan_and_execute_over_Connect_and_over_gRPC(@TempDir Path folder) throws Exception {
        requires("npm", "--version");
        for (String file : List.of("package.json", "connect.mjs", "grpc.mjs")) {
            Files.copy(EXAMPLES.resolve("node").resolve(file), folder.resolve(file));
        }
        Ended installed = run(folder, Map.of(), "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
        assumeTrue(installed.code() == 0, () -> "npm reaches no registry: " + installed.said());

        Ended connect = run(folder, Map.of(), "node", "connect.mjs", "main");
        assertThat(connect.said()).contains("COMPLETE: 500 rows deleted");
        onlyTheNewRowIsLeft();

        rows();
        Files.copy(Path.of(getClass().getResource("/connect-ways.mjs").toURI()), folder.resolve("ways.mjs"));
        Ended ways = run(folder, Map.of(), "node", "ways.mjs");
        assertThat(ways.said())
                .contains("sent GET ListTargets", "ListTargets application/json", "\nmain\n")
                .contains("sent POST PlanCleanup", "PlanCleanup application/json")
                .contains("ExecuteCleanup application/connect+json", "\nevents\n")
                .contains("InvalidArgument", "google.rpc.ErrorInfo", "INVALID_FIELD")
                .contains("google.rpc.BadRequest", "request_id", "reason");
        onlyTheNewRowIsLeft();

        rows();
        Path protos = EXAMPLES.resolve("../proto/src/main/protobuf").normalize();
        Ended grpc = run(folder, Map.of("CARETAKER_PROTOS", protos.toString()), "node", "grpc.mjs", "main");
        assertThat(grpc.said()).contains("COMPLETE: 500 rows deleted");
        onlyTheNewRowIsLeft();
    }

    @Test
    void a_job_of_kubernetes_that_is_repeated_attaches_to_its_run() throws Exception {
        requires("curl", "--version");
        JsonNode container = yaml("kubernetes/cronjob.yaml").at("/spec/jobTemplate/spec/template/spec/containers/0");
        String job = UUID.randomUUID().toString();
        assertThat(container.at("/env/2/name").asText()).isEqualTo("CARETAKER_REQUEST_ID");
        List<String> command = command(container.get("command"), "shop", "main");

        Ended first = run(EXAMPLES, Map.of("CARETAKER_REQUEST_ID", job), command.toArray(String[]::new));
        int runs = runs();
        Ended second = run(EXAMPLES, Map.of("CARETAKER_REQUEST_ID", job), command.toArray(String[]::new));

        assertThat(first.code()).as(first.said()).isZero();
        assertThat(second.code()).as(second.said()).isZero();
        assertThat(second.said()).contains("\"rowsDeleted\":\"500\"");
        assertThat(runs()).isEqualTo(runs);
    }

    @Test
    void a_step_of_argo_runs_its_command() throws Exception {
        requires("curl", "--version");
        JsonNode container = yaml("argo/cleanup-template.yaml").at("/spec/templates/0/container");
        List<String> command = new ArrayList<>(command(container.get("command"), "", ""));
        command.addAll(command(container.get("args"), "{{inputs.parameters.target}}", "main"));
        String workflow = container
                .at("/env/2/value")
                .asText()
                .replace("{{workflow.uid}}", UUID.randomUUID().toString());

        Ended ended = run(EXAMPLES, Map.of("CARETAKER_REQUEST_ID", workflow), command.toArray(String[]::new));

        assertThat(ended.code()).as(ended.said()).isZero();
        onlyTheNewRowIsLeft();
        command.set(command.size() - 1, "nowhere");
        Ended other = run(EXAMPLES, Map.of("CARETAKER_REQUEST_ID", workflow), command.toArray(String[]::new));
        assertThat(other.said())
                .as("of another step of the workflow")
                .contains("TARGET_NOT_FOUND")
                .doesNotContain("REQUEST_ID_REUSED");
    }

    @Test
    void a_task_of_airflow_runs_its_command(@TempDir Path dags) throws Exception {
        requires("python3", "--version");
        Path stub = Path.of(getClass().getResource("/airflow-stub").toURI());
        Files.copy(EXAMPLES.resolve("airflow/caretaker_cleanup.py"), dags.resolve("caretaker_cleanup.py"));
        Files.copy(
                EXAMPLES.resolve("python/cleanup.py"), dags.resolve("cleanup.py"), StandardCopyOption.COPY_ATTRIBUTES);
        Ended read = run(dags, Map.of("PYTHONPATH", stub.toString()), "python3", "caretaker_cleanup.py");
        assertThat(read.code()).as(read.said()).isZero();
        JsonNode task = new ObjectMapper().readTree(read.said()).get(0);
        assertThat(task.at("/env/CARETAKER_REQUEST_ID").asText()).isEqualTo("{{ request_id(dag.dag_id + run_id) }}");

        Ended ended = run(
                dags,
                Map.of("CARETAKER_REQUEST_ID", task.get("request_id").asText()),
                "sh",
                "-c",
                task.get("bash_command").asText().replace(" shop ", " main "));

        assertThat(ended.code()).as(ended.said()).isZero();
        onlyTheNewRowIsLeft();
    }

    /** With the scripts where they are here, and one word for another. */
    private static List<String> command(JsonNode words, String word, String other) {
        List<String> command = new ArrayList<>();
        for (JsonNode next : words) {
            String text = next.asText().equals(word) ? other : next.asText();
            command.add(
                    text.startsWith(SCRIPTS)
                            ? EXAMPLES.resolve("shell")
                                    .resolve(text.substring(SCRIPTS.length()))
                                    .toString()
                            : text);
        }
        return command;
    }

    private static JsonNode yaml(String file) throws IOException {
        Object read = new Yaml().load(Files.readString(EXAMPLES.resolve(file)));
        return new ObjectMapper().valueToTree(read);
    }

    private int runs() {
        return server.runs().listRuns(ListRunsRequest.getDefaultInstance()).getRunsCount();
    }

    private void onlyTheNewRowIsLeft() {
        assertThat(target.value("SELECT string_agg(id::text, ' ') FROM jobs")).isEqualTo("0");
    }

    private static void requires(String program, String question) throws Exception {
        assumeTrue(answers(program, question), program + " is not installed");
    }

    private static boolean answers(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Ended run(Path folder, Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> all = new HashMap<>(environment);
        all.put(
                "CARETAKER_URL",
                "http://127.0.0.1:" + server.bean(HttpPort.class).port().orElseThrow());
        all.put(
                "CARETAKER_SERVER",
                "127.0.0.1:" + server.bean(EmbeddedServer.class).getPort());
        builder.environment().keySet().removeIf(name -> name.startsWith("CARETAKER_"));
        builder.environment().putAll(all);
        File said = File.createTempFile("example", ".log");
        try {
            Process process = builder.redirectOutput(said).start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command) + " does not end: " + Files.readString(said.toPath()));
            }
            return new Ended(process.exitValue(), Files.readString(said.toPath(), StandardCharsets.UTF_8));
        } finally {
            Files.delete(said.toPath());
        }
    }
}
