package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.server.testing.PromQl;
import dev.caretaker.server.testing.Promtool;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Names and labels of metrics, and what the dashboard, the alerts and the page make of them. */
abstract class MonitoringDocsSuite extends WorkMetricsSuite {
    /** Labels that Prometheus adds. */
    private static final Set<String> SCRAPED = Set.of("instance", "job");

    @Test
    @Order(4)
    void names_units_types_and_labels_follow_the_rules() throws Exception {
        MetricsText seen = metrics();
        assertThat(seen.names().stream().filter(name -> name.startsWith("caretaker")))
                .isNotEmpty()
                .allMatch(name -> name.matches("caretaker_[a-z_]+"))
                .allSatisfy(name -> assertThat(name.endsWith("_total"))
                        .as(name)
                        .isEqualTo(seen.type(name).equals("counter")))
                .allSatisfy(name -> assertThat(seen.help(name)).as(name).isNotBlank())
                .allSatisfy(name -> assertThat(seen.help(name))
                        .as(name)
                        .containsAnyOf("this process", "the same on each", "control store"));
        assertThat(seen.names()).allMatch(name -> name.matches("(caretaker|jvm|process|system|hikaricp)_[a-z0-9_]+"));
        assertThat(seen.samples().stream()
                        .filter(sample -> sample.name().startsWith("caretaker"))
                        .flatMap(sample -> sample.labels().keySet().stream()))
                .isSubsetOf(
                        "target",
                        "policy",
                        "set",
                        "schedule",
                        "check",
                        "kind",
                        "name",
                        "outcome",
                        "state",
                        "signal",
                        "severity",
                        "measure",
                        "server",
                        "action",
                        "channel",
                        "value",
                        "step",
                        "le");
    }

    @Test
    @Order(5)
    void every_metric_of_the_dashboard_the_alerts_and_the_page_is_there() throws Exception {
        MetricsText seen = metrics();
        Set<String> names = seen.names();
        names.addAll(seen.families());
        String dashboard = Files.readString(DOCS.resolve("monitoring/caretaker.json"));
        String alerts = Files.readString(DOCS.resolve("monitoring/alerts.yml"));
        String page = Files.readString(DOCS.resolve("monitoring.md"));
        assertThat(new ObjectMapper().readTree(dashboard).path("panels")).isNotEmpty();
        for (String text : List.of(dashboard, alerts, page)) {
            assertThat(metricsIn(text)).isNotEmpty().isSubsetOf(names);
        }
        assertThat(seen.families().stream().filter(name -> name.startsWith("caretaker")))
                .as("the page tells of all")
                .isSubsetOf(metricsIn(page));
    }

    @Test
    @Order(5)
    void every_label_of_the_dashboard_and_the_alerts_is_one_of_its_metric() throws Exception {
        MetricsText seen = metrics();
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DOCS.resolve("monitoring/caretaker.json")));
        int expressions = 0;
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode query : panel.path("targets")) {
                labelsAreThere(
                        seen,
                        query.path("expr").asText(),
                        query.path("legendFormat").asText());
                expressions++;
            }
        }
        Map<String, List<Map<String, List<Map<String, Object>>>>> alerts =
                new Yaml().load(Files.readString(DOCS.resolve("monitoring/alerts.yml")));
        for (Map<String, List<Map<String, Object>>> group : alerts.get("groups")) {
            for (Map<String, Object> rule : group.get("rules")) {
                labelsAreThere(
                        seen,
                        rule.get("expr").toString(),
                        rule.get("annotations").toString());
                expressions++;
            }
        }
        assertThat(expressions).isGreaterThan(50);
    }

    private static void labelsAreThere(MetricsText seen, String expression, String shown) {
        PromQl query = new PromQl(expression);
        Set<String> all = new TreeSet<>(SCRAPED);
        assertThat(query.selected()).as(expression).isNotEmpty();
        query.selected().forEach((metric, selected) -> {
            Set<String> known = new TreeSet<>(SCRAPED);
            seen.samples().stream()
                    .filter(sample -> sample.name().equals(metric))
                    .forEach(sample -> known.addAll(sample.labels().keySet()));
            assertThat(known).as("labels of %s in %s", metric, expression).containsAll(selected);
            all.addAll(known);
        });
        assertThat(all).as(expression).containsAll(query.grouped());
        assertThat(expression.contains(" by (") ? query.grouped() : all)
                .as("what is shown of %s", expression)
                .containsAll(PromQl.shown(shown));
    }

    @Test
    @Order(5)
    void promtool_finds_nothing_amiss_in_what_is_scraped() throws Exception {
        Promtool.assumeInstalled();
        HttpResponse<String> scraped = get("/metrics");
        String ours = scraped.body()
                .lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?caretaker_.*"))
                .collect(Collectors.joining("\n", "", "\n"));
        Promtool.Result checked = Promtool.run(ours, "check", "metrics");
        assertThat(checked.code()).as(checked.said()).isZero();
        assertThat(checked.said()).isBlank();
    }
}
