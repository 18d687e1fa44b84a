package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.file.Documents;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.file.JsonText;
import dev.caretaker.cli.file.TableText;
import dev.caretaker.cli.output.Yaml;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.KeyEncoding;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import java.util.LinkedHashMap;
import java.util.List;
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
                # {keep: 90d}, {keep: 24 partitions}. With archive: {to: cold-storage} the rows
                # of each are kept in an archive, which is verified and compared, or it stays.
                # retirement: ...
                pauseCreation: false
                pauseRetirement: false
            """;

    private static final List<String> KEYS = List.of(
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
    private static final List<String> REQUIRED = List.of("name", "target", "table", "grid");
    private static final String ENCODING = "KEY_ENCODING_";
    private static final String DEFAULT = "DEFAULT_PARTITION_";

    private SetFile() {}

    /** Reads a file. Throws a usage failure that names line and key. */
    public static List<PartitionSet> read(InputFile file) {
        return Documents.read(file, "sets", false, SetFile::readOne);
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
        return JsonText.merge(item, PartitionSet.newBuilder(), "a partition set", "with grid as a text")
                .clearUpdateTime()
                .clearUpdatedBy()
                .build();
    }

    private static PartitionSet read(Item item) {
        Map<String, Item> fields = item.fields("the set", KEYS, REQUIRED);
        PartitionSet.Builder set = PartitionSet.newBuilder();
        fields.forEach((key, value) -> set(set, key, value));
        return set.build();
    }

    private static void set(PartitionSet.Builder set, String key, Item value) {
        switch (key) {
            case "name" -> set.setName(value.text());
            case "description" -> set.setDescription(value.text());
            case "target" -> set.setTarget(value.text());
            case "table" -> set.setTable(TableText.read(value));
            case "grid" -> set.setGrid(GridText.read(value));
            case "encoding" -> set.setEncoding(ChoiceText.read(value, KeyEncoding.class, ENCODING));
            case "ahead" -> set.setAhead(ahead(value));
            case "lookback" -> set.setLookback((int) value.integer());
            case "names" -> set.setNamePattern(value.text());
            case "default" -> set.setDefaultPartition(ChoiceText.read(value, DefaultPartition.class, DEFAULT));
            case "retirement" -> set.setRetirement(RetirementText.read(value));
            case "pauseCreation" -> set.setPauseCreation(value.bool());
            case "pauseRetirement" -> set.setPauseRetirement(value.bool());
            case "etag" -> set.setEtag(value.text());
            default -> throw value.wrong("unknown key");
        }
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

    /** How keys denote times. Throws IllegalArgumentException with a sentence. */
    public static KeyEncoding encoding(String text) {
        return ChoiceText.parse(text, KeyEncoding.class, ENCODING);
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
        tree.put("table", TableText.write(set.getTable()));
        tree.put("grid", GridText.describe(set.getGrid()));
        if (set.getEncoding() != KeyEncoding.KEY_ENCODING_UNSPECIFIED) {
            tree.put("encoding", ChoiceText.write(set.getEncoding(), ENCODING));
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
        tree.put("default", ChoiceText.write(set.getDefaultPartition(), DEFAULT));
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
}
