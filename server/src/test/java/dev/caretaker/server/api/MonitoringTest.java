package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.http.Looks;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import io.micronaut.context.ApplicationContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Metrics and health of a real server that has done some work, over real HTTP. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringTest extends MonitoringDocsSuite {
    @Test
    @Order(6)
    void scraping_asks_nothing_of_a_target_that_is_away() throws Exception {
        targetWire.cut();
        try {
            Set<String> before = metrics().names();
            for (int i = 0; i < 20; i++) {
                long began = System.nanoTime();
                assertThat(metrics().names()).isEqualTo(before);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            }
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        } finally {
            targetWire.mend();
        }
    }

    @Test
    @Order(6)
    void readers_never_see_a_half_of_it() throws Exception {
        Set<String> names = metrics().names();
        CompletableFuture<Void> looks = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 50; i++) {
                look();
            }
        });
        do {
            assertThat(metrics().names()).isEqualTo(names);
        } while (!looks.isDone());
        looks.join();
    }

    @Test
    @Order(6)
    void a_second_server_tells_the_same_of_the_control_store_and_counts_its_own() throws Exception {
        try (WholeServer second = WholeServer.start(
                target, Map.of("caretaker.http.port", 0, "caretaker.control-store.url", store.url()))) {
            String base =
                    "http://127.0.0.1:" + second.bean(HttpPort.class).port().orElseThrow();
            await().atMost(Duration.ofSeconds(LOOKS)).untilAsserted(() -> {
                look();
                Looks.now(second.bean(ApplicationContext.class));
                MetricsText one = metrics();
                MetricsText other = metrics(base);
                for (String name : List.of(
                        "caretaker_policy_oldest_eligible_age_seconds",
                        "caretaker_last_success_timestamp_seconds",
                        "caretaker_partition_runway_seconds",
                        "caretaker_default_partition_rows",
                        "caretaker_findings",
                        "caretaker_xid_age_ratio")) {
                    assertThat(other.of(name)).as(name).isNotEmpty().containsExactlyInAnyOrderElementsOf(one.of(name));
                }
            });
            MetricsText other = metrics(base);
            assertThat(other.names()).doesNotContain("caretaker_rows_deleted_total");
            assertThat(other.value("caretaker_runs_total", "kind", "cleanup", "target", "main", "outcome", "failed"))
                    .as("counted from 0 on")
                    .isZero();
        }
    }

    @Test
    @Order(7)
    void without_the_control_store_the_last_figures_stay_with_their_age() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> get("/health/ready").statusCode() == 200);
        double debt =
                metrics().value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late");
        assertThat(debt).isPositive();
        storeWire.cut();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                look();
                return metrics().value("caretaker_control_store_up") == 0;
            });
            MetricsText seen = metrics();
            assertThat(seen.value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late"))
                    .isEqualTo(debt);
            double age = seen.value("caretaker_store_look_age_seconds");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> metrics().value("caretaker_store_look_age_seconds") > age);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get("/health/ready").statusCode() == 503);
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(new ObjectMapper().readTree(ready.body()).path("status").asText())
                    .isEqualTo("not ready");
            assertThat(ready.body()).doesNotContain(store.password(), store.name());
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            storeWire.mend();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            look();
            return metrics().value("caretaker_control_store_up") == 1;
        });
    }

    @Test
    @Order(8)
    void a_policy_that_is_gone_takes_its_gauges_along() throws Exception {
        scene.server()
                .policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setName("late")
                        .build());
        look();
        assertThat(metrics().value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late"))
                .isNaN();
    }

    @Test
    void only_what_is_there_can_be_read_and_nothing_be_written() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        HttpResponse<String> posted = http.send(
                HttpRequest.newBuilder(URI.create(scene.base() + "/metrics"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(405);
        HttpResponse<String> head = http.send(
                HttpRequest.newBuilder(URI.create(scene.base() + "/metrics"))
                        .HEAD()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void with_a_file_of_tokens_metrics_are_told_to_who_knows_one_and_health_to_anybody(@TempDir Path folder)
            throws Exception {
        Path tokens = folder.resolve("scrapers");
        Files.writeString(tokens, "prometheus: " + Sha256.hex(Sha256.of("a-long-secret"), 32) + "\n");
        Map<String, Object> properties =
                Map.of("caretaker.http.port", 0, "caretaker.http.metrics-tokens-file", tokens.toString());
        try (WholeServer guarded = WholeServer.start(target, properties)) {
            String base =
                    "http://127.0.0.1:" + guarded.bean(HttpPort.class).port().orElseThrow();
            HttpResponse<String> unknown = asked(base + "/metrics", "");
            assertThat(unknown.statusCode()).isEqualTo(401);
            assertThat(unknown.headers().firstValue("WWW-Authenticate"))
                    .hasValueSatisfying(how -> assertThat(how).startsWith("Bearer"));
            assertThat(unknown.body()).doesNotContain("caretaker_control_store_up");
            assertThat(asked(base + "/metrics", "Bearer another-secret").statusCode())
                    .isEqualTo(401);
            assertThat(asked(base + "/metrics", "a-long-secret").statusCode()).isEqualTo(401);
            HttpResponse<String> known = asked(base + "/metrics", "Bearer a-long-secret");
            assertThat(known.statusCode()).isEqualTo(200);
            assertThat(known.body()).contains("jvm_memory_used_bytes");
            assertThat(asked(base + "/health/live", "").statusCode()).isEqualTo(200);
            Files.writeString(tokens, "# nobody any more\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            asked(base + "/metrics", "Bearer a-long-secret").statusCode() == 401);
            assertThat(guarded.maintenance()
                            .detectIssues(DetectIssuesRequest.newBuilder()
                                    .setTarget("main")
                                    .addChecks("configuration-file")
                                    .build())
                            .toString())
                    .contains("caretaker.http.metrics-tokens-file");
        }
    }

    private HttpResponse<String> asked(String url, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void it_listens_on_loopback_and_only_if_asked_for() {
        assertThat(scene.server().bean(HttpPort.class).address()).isEqualTo("127.0.0.1");
        try (ApplicationContext without = ApplicationContext.builder(Map.of(
                        "caretaker.listen.port", 0,
                        "caretaker.control-store.url", store.url(),
                        "caretaker.control-store.user", store.user(),
                        "caretaker.control-store.password", store.password()))
                .start()) {
            assertThat(without.getBean(HttpPort.class).port()).isEmpty();
        }
    }
}
