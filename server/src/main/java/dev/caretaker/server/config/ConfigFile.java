package dev.caretaker.server.config;

import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
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
        try {
            byte[] text = Files.readAllBytes(file);
            requireOneOfEach(text);
            Map<String, Object> values =
                    new YamlPropertySourceLoader().read(file.toString(), new ByteArrayInputStream(text));
            values.keySet().forEach(key -> requireKnown(file, key));
            return PropertySource.of(file.toString(), values, ORDER);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file.toString(), "cannot be read: there is no such file");
        } catch (IOException e) {
            throw new ConfigException(file.toString(), "cannot be read: " + Reading.why(e));
        } catch (DuplicateKeyException e) {
            throw new ConfigException(
                    file + ":" + (e.getProblemMark().getLine() + 1),
                    "is given twice: " + e.getProblem().replaceFirst("^found duplicate key ", ""));
        } catch (MarkedYAMLException e) {
            throw new ConfigException(
                    file + ":" + (e.getProblemMark().getLine() + 1), "is not YAML: " + oneLine(e.getProblem()));
        } catch (YAMLException | ClassCastException e) {
            throw new ConfigException(file.toString(), "is not a YAML map: " + oneLine(e.getMessage()));
        }
    }

    /** Of two targets with the same name, or two lists of targets, the first would be lost without a word. */
    private static void requireOneOfEach(byte[] text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        new Yaml(new SafeConstructor(options)).load(new ByteArrayInputStream(text));
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
