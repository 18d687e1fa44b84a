package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.Policy;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads policies from YAML 1.2 or JSON (which is YAML too): a map with the key {@code policies}, a list of policies, or
 * a single one. Several YAML documents may follow each other.
 */
public final class PolicyFile {
    private PolicyFile() {}

    /** Reads a file's text; {@code name} is for messages. Throws a usage failure that names line and key. */
    public static List<Policy> read(String name, String text) {
        List<Policy> policies = new ArrayList<>();
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            for (Node document : new Compose(settings).composeAllFromString(text)) {
                readDocument(new Item(name, "", document), policies);
            }
        } catch (MarkedYamlEngineException e) {
            String line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new CommandFailure(ExitCode.USAGE, name + line + ": not YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new CommandFailure(ExitCode.USAGE, name + ": not YAML: " + e.getMessage(), e);
        }
        if (policies.isEmpty()) {
            throw CommandFailure.usage(name + ": holds no policies");
        }
        return policies;
    }

    private static void readDocument(Item document, List<Policy> policies) {
        if (document.isNull()) {
            return;
        }
        Item list = document;
        if (document.isMap() && document.fields().containsKey("policies")) {
            list = document.fields("policies").get("policies");
        }
        if (list.isMap()) {
            policies.add(PolicyReader.read(list));
            return;
        }
        for (Item item : list.list()) {
            policies.add(PolicyReader.read(item));
        }
    }
}
