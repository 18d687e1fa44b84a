package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.Promtool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        Promtool.assumeInstalled();
        Promtool.Result checked = Promtool.run("", "check", "rules", alerts().toString());
        assertThat(checked.code()).as(checked.said()).isZero();
        assertThat(checked.said()).contains("rules found").doesNotContain("FAILED");
    }

    @Test
    void alerts_are_raised_when_they_should_and_not_otherwise(@TempDir Path folder) throws Exception {
        Promtool.assumeInstalled();
        Path tests = Files.writeString(
                folder.resolve("alerts-test.yml"),
                "rule_files: [" + alerts() + "]\n"
                        + Files.readString(Path.of(getClass()
                                .getResource("/monitoring/alerts-test.yml")
                                .toURI())));
        Promtool.Result tried = Promtool.run("", "test", "rules", tests.toString());
        assertThat(tried.code()).as(tried.said()).isZero();
        assertThat(tried.said()).contains("SUCCESS");
    }

    private static Path alerts() {
        return DOCS.resolve("monitoring/alerts.yml").normalize();
    }
}
