package dev.caretaker.server.config;

import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** The operator's configuration file, in YAML. Environment variables override it. */
public final class ConfigFile {
    /** Above what Caretaker brings along, below the environment. */
    private static final int ORDER = EnvironmentPropertySource.POSITION - 50;

    private static final Set<String> ROOTS = Set.of("caretaker", "micronaut", "grpc", "logger");

    private ConfigFile() {}

    /**
     * Reads it.
     *
     * @throws ConfigException if it cannot be read or is not YAML; the file stands in for the key
     */
    public static PropertySource read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Map<String, Object> values = new YamlPropertySourceLoader().read(file.toString(), in);
            values.keySet().forEach(key -> requireKnown(file, key));
            return PropertySource.of(file.toString(), values, ORDER);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file.toString(), "cannot be read: there is no such file");
        } catch (IOException e) {
            throw new ConfigException(
                    file.toString(), "cannot be read (" + e.getClass().getSimpleName() + ")");
        } catch (MarkedYAMLException e) {
            throw new ConfigException(
                    file + ":" + (e.getProblemMark().getLine() + 1), "is not YAML: " + oneLine(e.getProblem()));
        } catch (YAMLException | ClassCastException e) {
            throw new ConfigException(file.toString(), "is not a YAML map: " + oneLine(e.getMessage()));
        }
    }

    /** Below the other roots are settings of the framework, which checks them itself. */
    private static void requireKnown(Path file, String key) {
        String root = key.replaceAll("[.\\[].*", "");
        if (!ROOTS.contains(root)) {
            throw new ConfigException(
                    file.toString(), "has the key " + root + ", which is not known; everything lives under caretaker");
        }
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s*\\R\\s*", " ");
    }
}
