package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads policies from YAML 1.2 or JSON (which is YAML too): a map with the key {@code policies}, a list of policies, or
 * a single one. Several YAML documents may follow each other, and so may JSON objects, one a line. What the client prints as
 * YAML, JSON or NDJSON is read back.
 */
public final class PolicyFile {
    private PolicyFile() {}

    /** Reads a file's text; {@code name} is for messages. Throws a usage failure that names line and key. */
    public static List<Policy> read(String name, String text) {
        return read(name, text, false);
    }

    /** @param mayBeEmpty whether a file without policies is none that was forgotten */
    public static List<Policy> read(String name, String text, boolean mayBeEmpty) {
        List<Policy> policies = new ArrayList<>();
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            for (Node document : new Compose(settings).composeAllFromString(lines(text))) {
                readDocument(new Item(name, "", document), policies);
            }
        } catch (MarkedYamlEngineException e) {
            String line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new CommandFailure(ExitCode.USAGE, name + line + ": not YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new CommandFailure(ExitCode.USAGE, name + ": not YAML: " + e.getMessage(), e);
        }
        if (policies.isEmpty() && !mayBeEmpty) {
            throw CommandFailure.usage(name + ": holds no policies");
        }
        return policies;
    }

    /** NDJSON, a JSON object a line, as one list, with the line numbers that it has. */
    private static String lines(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        boolean ndjson = lines.size() > 1
                && lines.stream().map(String::strip).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        return ndjson
                ? text.lines()
                        .map(line -> line.isBlank() ? line : line + ",")
                        .collect(Collectors.joining("\n", "[", "]"))
                : text;
    }

    private static void readDocument(Item document, List<Policy> policies) {
        if (document.isNull()) {
            return;
        }
        Item list = document;
        if (document.isMap() && document.fields().containsKey("policies")) {
            // As 'policies list -o json' prints it, too.
            list = document.fields("policies", "nextPageToken").get("policies");
        }
        if (list.isMap()) {
            policies.add(readOne(list));
            return;
        }
        for (Item item : list.list()) {
            policies.add(readOne(item));
        }
    }

    /** A policy, by itself or as the answer of an apply has it. */
    private static Policy readOne(Item item) {
        boolean answer = item.isMap() && item.fields().containsKey("policy");
        return PolicyReader.read(
                answer ? item.fields("policy", "result", "warnings").get("policy") : item);
    }
}
