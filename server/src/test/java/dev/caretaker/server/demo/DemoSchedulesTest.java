package dev.caretaker.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The routines of the five systems are the same in the documentation and in the demo, which has them all at one target. */
class DemoSchedulesTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    /** What the demo writes before the names of a target's schedules and policies. */
    private static final Map<String, String> PREFIXES = Map.of(
            "cryoprotect", "cryoprotect-",
            "milvaion", "milvaion-",
            "orchestry", "orchestry-",
            "meshhook", "meshhook-",
            "orchestrator", "runbook-");

    @Test
    void the_demo_has_the_examples_of_the_documentation_and_no_others() throws IOException {
        Map<String, Map<String, Object>> documented = new TreeMap<>();
        Map<String, Map<String, Object>> calendars = new TreeMap<>();
        for (Map<String, Object> file : examples()) {
            calendars.putAll(named(file, "calendars"));
            named(file, "schedules").values().forEach(schedule -> {
                Map<String, Object> expected = asInTheDemo(schedule);
                documented.put(String.valueOf(expected.get("name")), expected);
            });
        }
        Map<String, Object> demo =
                new Yaml().load(Files.readString(BASE.resolve("src/main/resources/demo/schedules.yml")));
        assertThat(documented).isNotEmpty();
        assertThat(named(demo, "schedules")).isEqualTo(documented);
        assertThat(named(demo, "calendars")).isEqualTo(calendars);
    }

    /** Those below the heading of examples. */
    private static List<Map<String, Object>> examples() throws IOException {
        String page = Files.readString(BASE.resolve("../docs/schedules.md"));
        Matcher blocks = YAML.matcher(page.substring(page.indexOf("\n## Examples\n")));
        List<Map<String, Object>> files = new ArrayList<>();
        while (blocks.find()) {
            files.add(new Yaml().load(blocks.group(1)));
        }
        return files;
    }

    private static Map<String, Map<String, Object>> named(Map<String, Object> file, String list) {
        Map<String, Map<String, Object>> named = new TreeMap<>();
        for (Object one : (List<?>) file.getOrDefault(list, List.of())) {
            Map<String, Object> entry = new LinkedHashMap<>();
            ((Map<?, ?>) one).forEach((key, value) -> entry.put(String.valueOf(key), value));
            named.put(String.valueOf(entry.get("name")), entry);
        }
        return named;
    }

    private static Map<String, Object> asInTheDemo(Map<String, Object> schedule) {
        String prefix = PREFIXES.get(String.valueOf(schedule.get("target")));
        assertThat(prefix).as("%s", schedule).isNotNull();
        Map<String, Object> expected = new LinkedHashMap<>(schedule);
        expected.put("name", prefix + schedule.get("name"));
        expected.put("target", "demo");
        if (schedule.get("cleanup") instanceof List<?> policies) {
            expected.put(
                    "cleanup", policies.stream().map(policy -> prefix + policy).toList());
        }
        return expected;
    }
}
