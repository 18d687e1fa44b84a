package dev.caretaker.cli.file;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Files that hold things of one sort: a map with a key and a list of them, a list, or a single one, in any number of documents. */
public final class Documents {
    private Documents() {}

    /**
     * Reads a file.
     *
     * @param key under which a list of them stands, for example {@code policies}
     * @param mayBeEmpty whether a file that holds none is none that was forgotten
     * @param reader reads one
     */
    public static <T> List<T> read(InputFile file, String key, boolean mayBeEmpty, Function<Item, T> reader) {
        List<T> found = new ArrayList<>();
        items(file).forEach(document -> readDocument(document, key, reader, found));
        if (found.isEmpty() && !mayBeEmpty) {
            throw CommandFailure.usage(file.name() + ": holds no " + key);
        }
        return found;
    }

    /** The documents of a file, whatever they hold. */
    public static List<Item> items(InputFile file) {
        String name = file.name();
        List<Item> documents = new ArrayList<>();
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            for (Node document : new Compose(settings).composeAllFromString(lines(file.text()))) {
                documents.add(new Item(name, "", document));
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            String line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new CommandFailure(ExitCode.USAGE, name + line + ": not YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new CommandFailure(ExitCode.USAGE, name + ": not YAML: " + e.getMessage(), e);
        }
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

    private static <T> void readDocument(Item document, String key, Function<Item, T> reader, List<T> found) {
        if (document.isNull()) {
            return;
        }
        Item list = document;
        if (document.isMap() && document.fields().containsKey(key)) {
            // As a list command with -o json prints it, too.
            list = document.fields(key, "nextPageToken").get(key);
        }
        if (list.isMap()) {
            found.add(reader.apply(list));
            return;
        }
        for (Item item : list.list()) {
            found.add(reader.apply(item));
        }
    }
}
