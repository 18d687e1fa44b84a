package dev.caretaker.cli.file;

import dev.caretaker.cli.error.CommandFailure;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A part of a file that knows where it stands, so that every complaint names file, line and key.
 *
 * @param file name of the file
 * @param path keys that lead to it, for example {@code policies[0].keep}
 * @param node what stands there
 */
public record Item(String file, String path, Node node) {
    private static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger INT64_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    public int line() {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    public CommandFailure wrong(String what) {
        return CommandFailure.usage(file + ":" + line() + ": " + (path.isEmpty() ? "" : path + ": ") + what);
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    public boolean isInteger() {
        return node.getTag().equals(Tag.INT);
    }

    public boolean isFraction() {
        return node.getTag().equals(Tag.FLOAT);
    }

    public boolean isBoolean() {
        return node.getTag().equals(Tag.BOOL);
    }

    /** The fields of a map; a key that is not among {@code known} is an error. */
    public Map<String, Item> fields(String... known) {
        return fields(Arrays.asList(known));
    }

    /** The fields of a map; a key that is not among {@code known} is an error. */
    public Map<String, Item> fields(List<String> known) {
        Map<String, Item> fields = fields();
        fields.forEach((key, item) -> {
            if (!known.contains(key)) {
                throw item.wrong("unknown key" + meant(key, known) + "; known here: " + String.join(", ", known));
            }
        });
        return fields;
    }

    /**
     * The same; if it lacks one of the {@code required} ones, that is an error, too.
     *
     * @param what it is, such as "the policy"
     */
    public Map<String, Item> fields(String what, List<String> known, List<String> required) {
        Map<String, Item> fields = fields(known);
        for (String key : required) {
            if (!fields.containsKey(key)) {
                throw wrong(what + " lacks '" + key + "'");
            }
        }
        return fields;
    }

    /** A known key that differs in nothing but case and underscores, or of which this is the beginning or the other way round. */
    private static String meant(String key, List<String> known) {
        String plain = plain(key);
        return known.stream()
                .filter(candidate -> plain(candidate).equals(plain)
                        || plain.length() > 3
                                && (plain(candidate).startsWith(plain) || plain.startsWith(plain(candidate))))
                .findFirst()
                .map(candidate -> ", did you mean '" + candidate + "'?")
                .orElse("");
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    }

    /** The fields of a map whose keys are free. */
    public Map<String, Item> fields() {
        if (!(node instanceof MappingNode map)) {
            throw wrong("must be a map of keys and values");
        }
        Map<String, Item> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Item(file, path, tuple.getKeyNode()).wrong("a key must be a plain name");
            }
            String name = key.getValue();
            Item item = new Item(file, path.isEmpty() ? name : path + "." + name, tuple.getValueNode());
            if (fields.put(name, item) != null) {
                throw new Item(file, item.path, key).wrong("given twice");
            }
        }
        return fields;
    }

    public List<Item> list() {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong("must be a list");
        }
        List<Item> items = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            items.add(new Item(file, path + "[" + items.size() + "]", element));
        }
        return items;
    }

    /** Any scalar but null, as it is written. */
    public String text() {
        if (!(node instanceof ScalarNode scalar) || isNull()) {
            throw wrong("must be a text");
        }
        String text = scalar.getValue();
        // On the wire each would become a question mark, and a filter would ask for something else.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw wrong("holds half of a surrogate pair, which is no character");
        }
        return text;
    }

    public boolean bool() {
        if (!isBoolean()) {
            throw wrong("must be true or false");
        }
        return Boolean.parseBoolean(text());
    }

    public long integer() {
        if (!isInteger()) {
            throw wrong("must be a whole number");
        }
        BigInteger value = new BigInteger(text());
        if (value.compareTo(INT64_MIN) < 0 || value.compareTo(INT64_MAX) > 0) {
            throw wrong("does not fit into 64 bits; for a numeric column put it in quotes");
        }
        return value.longValueExact();
    }

    public double fraction() {
        if (!isFraction() && !isInteger()) {
            throw wrong("must be a number");
        }
        return switch (text()) {
            case ".inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            case ".nan" -> Double.NaN;
            default -> Double.parseDouble(text());
        };
    }
}
