package dev.caretaker.cli.partitions.sets;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.caretaker.cli.file.Documents;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.file.JsonText;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Yaml;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.KeyEncoding;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Partition sets in YAML or JSON: read, and written so that they are read back as they were. */
public final class SetFile {
    static final String EXAMPLE = """
            sets:
              - name: workflow-events
                target: shop
                # Exact names. With dots in them: {schema: my.schema, name: my.table}
                table: public.workflow_events
                # hour, day, week, month, quarter, year, or several: 9 weeks from
                # 2025-01-06; for integers: every 1000000 from 1
                grid: month in Europe/Berlin
                # From here on this is what holds when left out.
                ahead: {partitions: 4, duration: 15d}
                lookback: 0          # partitions before now, where there is none yet
                # Recognised from what exists. {yyyy} {mm} {dd} {hh} {q} {ww}, {from}
                # names: workflow_events_y{yyyy}m{mm}
                # Needed for integers that are times: epoch-seconds, epoch-millis, …
                # encoding: timestamptz
                default: leave       # the default partition: leave, ensure, adopt
                # Nothing is retired. To retire: {keep: 12 months, hold: 7d, then: drop},
                # {keep: 90d}, {keep: 24 partitions}
                # retirement: ...
                pauseCreation: false
                pauseRetirement: false
            """;

    private static final String ENCODING = "KEY_ENCODING_";
    private static final String DEFAULT = "DEFAULT_PARTITION_";

    private SetFile() {}

    /** Reads a file's text; {@code name} is for messages. */
    public static List<PartitionSet> read(String name, String text) {
        return Documents.read(name, text, "sets", false, SetFile::readOne);
    }

    /** A set, by itself or as the answer of an apply has it; in the form for people, or in the JSON of the API. */
    private static PartitionSet readOne(Item item) {
        boolean answer = item.isMap() && item.fields().containsKey("set");
        Item set = answer ? item.fields("set", "result", "warnings").get("set") : item;
        boolean canonical = set.isMap()
                && set.fields().containsKey("grid")
                && set.fields().get("grid").isMap();
        return canonical ? canonical(set) : read(set);
    }

    private static PartitionSet canonical(Item item) {
        PartitionSet.Builder set = PartitionSet.newBuilder();
        try {
            JsonFormat.parser().merge(JsonText.of(item), set);
        } catch (InvalidProtocolBufferException e) {
            throw item.wrong("not a partition set in the JSON of the API (with grid as a text it would be read as the"
                    + " form for people): " + e.getMessage());
        }
        return set.clearUpdateTime().clearUpdatedBy().build();
    }

    private static PartitionSet read(Item item) {
        Map<String, Item> fields = item.fields(
                "name",
                "description",
                "target",
                "table",
                "grid",
                "encoding",
                "ahead",
                "lookback",
                "names",
                "default",
                "retirement",
                "pauseCreation",
                "pauseRetirement",
                "etag");
        for (String required : new String[] {"name", "target", "table", "grid"}) {
            if (!fields.containsKey(required)) {
                throw item.wrong("the set lacks '" + required + "'");
            }
        }
        PartitionSet.Builder set = PartitionSet.newBuilder();
        fields.forEach((key, value) -> set(set, key, value));
        return set.build();
    }

    private static void set(PartitionSet.Builder set, String key, Item value) {
        switch (key) {
            case "name" -> set.setName(value.text());
            case "description" -> set.setDescription(value.text());
            case "target" -> set.setTarget(value.text());
            case "table" -> set.setTable(table(value));
            case "grid" -> set.setGrid(GridText.read(value));
            case "encoding" -> set.setEncoding(encoding(value));
            case "ahead" -> set.setAhead(ahead(value));
            case "lookback" -> set.setLookback((int) value.integer());
            case "names" -> set.setNamePattern(value.text());
            case "default" -> set.setDefaultPartition(defaultPartition(value));
            case "retirement" -> set.setRetirement(RetirementText.read(value));
            case "pauseCreation" -> set.setPauseCreation(value.bool());
            case "pauseRetirement" -> set.setPauseRetirement(value.bool());
            case "etag" -> set.setEtag(value.text());
            default -> throw value.wrong("unknown key");
        }
    }

    private static TableName table(Item item) {
        if (item.isMap()) {
            Map<String, Item> fields = item.fields("schema", "name");
            TableName.Builder table = TableName.newBuilder();
            fields.forEach((key, value) -> {
                if (key.equals("schema")) {
                    table.setSchema(value.text());
                } else {
                    table.setName(value.text());
                }
            });
            return table.build();
        }
        String[] parts = item.text().split("\\.", -1);
        if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            throw item.wrong("must be table or schema.table; names with dots are written {schema: …, name: …}");
        }
        return parts.length == 1
                ? TableName.newBuilder().setName(parts[0]).build()
                : TableName.newBuilder().setSchema(parts[0]).setName(parts[1]).build();
    }

    private static PartitionsAhead ahead(Item item) {
        PartitionsAhead.Builder ahead = PartitionsAhead.newBuilder();
        item.fields("partitions", "duration").forEach((key, value) -> {
            if (key.equals("partitions")) {
                ahead.setPartitions((int) value.integer());
            } else {
                ahead.setDuration(RetentionText.duration(value));
            }
        });
        return ahead.build();
    }

    private static KeyEncoding encoding(Item item) {
        try {
            return encoding(item.text());
        } catch (IllegalArgumentException e) {
            throw item.wrong(e.getMessage());
        }
    }

    /** Throws IllegalArgumentException with a sentence. */
    public static KeyEncoding encoding(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        try {
            return KeyEncoding.valueOf(ENCODING + name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is none of timestamptz, timestamp, date, epoch-seconds, epoch-millis,"
                            + " epoch-micros, uuid-v7, integer",
                    e);
        }
    }

    private static DefaultPartition defaultPartition(Item item) {
        return switch (item.text().strip()) {
            case "leave" -> DefaultPartition.DEFAULT_PARTITION_LEAVE;
            case "ensure" -> DefaultPartition.DEFAULT_PARTITION_ENSURE;
            case "adopt" -> DefaultPartition.DEFAULT_PARTITION_ADOPT;
            default -> throw item.wrong("'" + item.text() + "' is none of leave, ensure, adopt");
        };
    }

    /** A whole file. With etags, applying it is refused if somebody changed a set meanwhile. */
    static String write(List<PartitionSet> sets, boolean etags) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("sets", sets.stream().map(set -> tree(set, etags)).toList());
        return Yaml.print(file);
    }

    private static Map<String, Object> tree(PartitionSet set, boolean etag) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", set.getName());
        if (!set.getDescription().isEmpty()) {
            tree.put("description", set.getDescription());
        }
        tree.put("target", set.getTarget());
        tree.put("table", table(set.getTable()));
        tree.put("grid", GridText.describe(set.getGrid()));
        if (set.getEncoding() != KeyEncoding.KEY_ENCODING_UNSPECIFIED) {
            tree.put("encoding", choice(Names.code(set.getEncoding(), ENCODING)));
        }
        Map<String, Object> ahead = new LinkedHashMap<>();
        ahead.put("partitions", set.getAhead().getPartitions());
        if (set.getAhead().hasDuration()) {
            ahead.put("duration", Durations.exact(set.getAhead().getDuration()));
        }
        tree.put("ahead", ahead);
        tree.put("lookback", set.getLookback());
        if (!set.getNamePattern().isEmpty()) {
            tree.put("names", set.getNamePattern());
        }
        tree.put("default", choice(Names.code(set.getDefaultPartition(), DEFAULT)));
        if (set.hasRetirement()) {
            tree.put("retirement", RetirementText.write(set.getRetirement()));
        }
        tree.put("pauseCreation", set.getPauseCreation());
        tree.put("pauseRetirement", set.getPauseRetirement());
        if (etag && !set.getEtag().isEmpty()) {
            tree.put("etag", set.getEtag());
        }
        return tree;
    }

    private static Object table(TableName table) {
        if (table.getName().contains(".") || table.getSchema().contains(".")) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("schema", table.getSchema());
            map.put("name", table.getName());
            return map;
        }
        return table.getSchema().isEmpty() ? table.getName() : table.getSchema() + "." + table.getName();
    }

    private static String choice(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
