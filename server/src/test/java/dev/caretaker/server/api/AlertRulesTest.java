package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The alert rules that are shipped. */
class AlertRulesTest {
    private static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../docs");

    @Test
    void the_alert_rules_are_rules() throws Exception {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml().load(Files.readString(DOCS.resolve("monitoring/alerts.yml")));
        List<Map<String, Object>> rules = new ArrayList<>();
        file.get("groups").forEach(group -> rules.addAll(group.get("rules")));
        assertThat(rules)
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule).containsKeys("alert", "expr", "labels", "annotations"))
                .extracting(rule -> rule.get("alert"))
                .doesNotHaveDuplicates();
    }

    @Test
    void promtool_takes_the_alert_rules() throws Exception {
        boolean installed = false;
        for (String folder : System.getenv("PATH").split(":")) {
            installed |= Files.isExecutable(Path.of(folder, "promtool"));
        }
        assumeTrue(installed, "promtool is not installed: the rules were not tried with it");
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "check",
                        "rules",
                        DOCS.resolve("monitoring/alerts.yml").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }
}
