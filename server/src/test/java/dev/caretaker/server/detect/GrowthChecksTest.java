package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that read what {@link GrowthFacts} tells, as it tells it. */
class GrowthChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String UNTIDY = "50 % of \"Jöbs\"; DROP";

    private static Map<String, Object> size(String name, long bytes, long limit, String state) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("schema", "public");
        fact.put("name", name);
        fact.put("database", name);
        fact.put("bytes", bytes);
        fact.put("limit", limit);
        fact.put("unseen", 2);
        fact.put("taken", Instant.now());
        fact.put("state", state);
        return fact;
    }

    private static Map<String, Object> expected(String name, long bytes, long limit, int days) {
        Map<String, Object> fact = size(name, bytes, limit, "EXPECTED");
        Instant at = Instant.now().plus(Duration.ofDays(days));
        fact.put("per_day", (limit - bytes) / days);
        fact.put("at", at);
        fact.put("earliest", at.minus(Duration.ofDays(1)));
        return fact;
    }

    private static Map<String, Object> policy(String name, String verdict, long eligible) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("policy", name);
        fact.put("schema", "public");
        fact.put("table", UNTIDY);
        fact.put("verdict", verdict);
        fact.put("reason", "More rows become eligible than cleanups remove.");
        fact.put("eligible", eligible);
        fact.put("exact", false);
        fact.put("taken", Instant.now());
        return fact;
    }

    private static Scene scene(TestPostgres server, String kind, List<Map<String, Object>> facts) {
        return Scene.on(server).withGrowth(Json.write(Map.of(kind, facts)));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-limit")
    @Spares("table-limit")
    void a_table_over_its_limit_is_told_and_one_that_will_be_soon(TestPostgres server) {
        Scene scene = scene(
                server,
                "tables",
                List.of(
                        size(UNTIDY, 3L << 30, 2L << 30, "REACHED"),
                        expected("soon", 1L << 30, 2L << 30, 20),
                        expected("later", 1L << 30, 2L << 30, 40),
                        size("flat", 1L << 30, 2L << 30, "NOT_GROWING"),
                        size("new", 1L << 30, 2L << 30, "UNKNOWN")));
        scene.finds("table-limit", "public." + UNTIDY, "public.soon");
        RawFinding over = scene.on("public." + UNTIDY, "table-limit");
        assertThat(over.severity()).isEqualTo(Severity.WARNING);
        assertThat(over.message())
                .isEqualTo("Table public.\"50 % of \"\"Jöbs\"\"; DROP\" takes 3072 MB; its limit is 2048 MB.");
        RawFinding soon = scene.on("public.soon", "table-limit");
        assertThat(soon.severity()).isEqualTo(Severity.INFO);
        assertThat(soon.message())
                .contains("takes 1024 MB and grows by 51 MB a day; it passes its limit of 2048 MB on 20");
        scene.finds("table-limit", List.of("days=1"), "public." + UNTIDY);
        Scene.on(server).spares("table-limit");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("disk-full")
    @Spares("disk-full")
    void a_disk_that_will_be_full_is_told_and_soon_is_critical(TestPostgres server) {
        RawFinding later = scene(server, "disks", List.of(expected("shop", 1L << 40, 2L << 40, 20)))
                .only("disk-full");
        assertThat(later.severity()).isEqualTo(Severity.WARNING);
        assertThat(later.message()).startsWith("The databases take 1024 GB of 2048 GB and grow by 51 GB a day");
        assertThat(scene(server, "disks", List.of(expected("shop", 1L << 40, 2L << 40, 5)))
                        .only("disk-full")
                        .severity())
                .isEqualTo(Severity.CRITICAL);
        assertThat(scene(server, "disks", List.of(size("shop", 2L << 40, 2L << 40, "REACHED")))
                        .only("disk-full")
                        .severity())
                .isEqualTo(Severity.CRITICAL);
        scene(server, "disks", List.of(expected("shop", 1L << 40, 2L << 40, 40)))
                .spares("disk-full");
        scene(server, "disks", List.of(size("shop", 1L << 40, 2L << 40, "UNCLEAR")))
                .spares("disk-full");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("policy-behind")
    @Spares("policy-behind")
    void a_policy_that_never_catches_up_is_told(TestPostgres server) {
        Map<String, Object> rates = policy("with-rates", "NEVER", 5_000);
        rates.put("inflow", 1_000);
        rates.put("outflow", 400);
        Scene scene = scene(
                server,
                "policies",
                List.of(
                        rates,
                        policy("without", "NEVER", 5_000),
                        policy("few", "NEVER", 999),
                        policy("good", "KEEPS_UP", 5_000),
                        policy("slow", "CATCHES_UP", 5_000),
                        policy("new", "UNKNOWN", 5_000)));
        scene.finds("policy-behind", "public.with-rates", "public.without");
        assertThat(scene.on("public.with-rates", "policy-behind").message())
                .isEqualTo(
                        "Policy with-rates never catches up: about 5,000 rows of public.\"50 % of \"\"Jöbs\"\"; DROP\""
                                + " should be gone; 1,000 become eligible a day and 400 are removed. More rows become eligible than"
                                + " cleanups remove.");
        assertThat(scene.on("public.without", "policy-behind").message()).contains("should be gone. More rows");
        Scene.on(server).spares("policy-behind");
    }
}
