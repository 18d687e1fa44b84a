package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every key in an example of the configuration is one that the server reads. */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern EXAMPLE =
            Pattern.compile("^```yaml\\n((?:#.*\\n)*caretaker:\\n.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> every_key_of_an_example_is_known() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            var examples = Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .flatMap(DocsTest::examples)
                    .toList();
            assertThat(examples).hasSizeGreaterThan(10);
            return examples.stream();
        }
    }

    private static Stream<DynamicTest> examples(Path document) {
        return EXAMPLE.matcher(read(document))
                .results()
                .map(match -> DynamicTest.dynamicTest(
                        document + ": "
                                + match.group(1).lines().skip(1).findFirst().orElse(""),
                        () -> requireKnown(match.group(1))));
    }

    private static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void requireKnown(String yaml) throws IOException {
        Map<String, Object> file = new YamlPropertySourceLoader()
                .read("example", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        try (ApplicationContext context = ApplicationContext.builder()
                .environmentPropertySource(false)
                .propertySources(PropertySource.of("example", file))
                .build()) {
            context.getEnvironment().start();
            Problems problems = new Problems();
            new ConfigKeys(context.getEnvironment()).targets(problems);
            problems.require();
        }
    }
}
