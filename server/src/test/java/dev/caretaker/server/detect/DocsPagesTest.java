package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocsPagesTest {
    @Test
    void the_committed_pages_are_those_of_the_headers() throws IOException {
        Path folder = folder();
        if (Boolean.getBoolean("caretaker.docs.write")) {
            write(folder);
        }
        TreeMap<String, String> committed = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(committed).isEqualTo(DocsPages.all());
    }

    private static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (var page : DocsPages.all().entrySet()) {
            Files.writeString(folder.resolve(page.getKey()), page.getValue());
        }
    }

    /** Tests run in the module's folder, or in the project's. */
    private static Path folder() {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        return module.resolve("../docs/checks").normalize();
    }
}
