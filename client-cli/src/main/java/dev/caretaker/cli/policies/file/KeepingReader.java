package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.file.TableText;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchiveProof;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BucketUnit;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;
import java.util.List;
import java.util.Map;

/** Reads what a policy keeps of rows: {@code archive} and {@code rollUp}. */
public final class KeepingReader {
    static final List<String> ARCHIVE_KEYS = List.of(
            "table",
            "indexes",
            "to",
            "format",
            "compression",
            "columns",
            "partBytes",
            "verify",
            "durable",
            "loseChildren",
            "withChildren");
    private static final List<String> TABLE_KEYS = List.of("table", "indexes");
    /** Of both places. */
    private static final List<String> CHILDREN_KEYS = List.of("loseChildren", "withChildren");

    static final List<String> ROLL_UP_KEYS = List.of("into", "bucket", "zone", "by", "measures");
    /** Keys of a figure beside its column: how it is said, and what it is. */
    static final Map<String, MeasureKind> FIGURES = Map.of(
            "sum", MeasureKind.MEASURE_KIND_SUM,
            "min", MeasureKind.MEASURE_KIND_MIN,
            "max", MeasureKind.MEASURE_KIND_MAX,
            "average", MeasureKind.MEASURE_KIND_AVERAGE,
            "countBy", MeasureKind.MEASURE_KIND_COUNT_BY,
            "samples", MeasureKind.MEASURE_KIND_SAMPLES);

    /** As a span of time says it. */
    private static final Map<String, BucketUnit> SPANS = Map.of(
            "1m", BucketUnit.BUCKET_UNIT_MINUTE,
            "1h", BucketUnit.BUCKET_UNIT_HOUR,
            "1d", BucketUnit.BUCKET_UNIT_DAY,
            "1w", BucketUnit.BUCKET_UNIT_WEEK);

    private KeepingReader() {}

    static ArchiveTo archive(Item item) {
        ArchiveTo.Builder archive = ArchiveTo.newBuilder();
        ArchiveTable.Builder table = ArchiveTable.newBuilder();
        ArchiveStore.Builder store = ArchiveStore.newBuilder();
        Map<String, Item> fields = item.fields(ARCHIVE_KEYS);
        boolean inTable = fields.containsKey("table");
        if (inTable == fields.containsKey("to")) {
            throw item.wrong("needs a table, or a destination (to), and not both");
        }
        fields.forEach((key, value) -> {
            boolean fits = TABLE_KEYS.contains(key) ? inTable : CHILDREN_KEYS.contains(key) || !inTable;
            if (!fits) {
                throw value.wrong("is " + (inTable ? "not for a table" : "only for a table"));
            }
            switch (key) {
                case "table" -> table.setName(TableText.read(value));
                case "indexes" -> table.setIndexes(value.bool());
                case "loseChildren" -> archive.setLoseChildren(value.bool());
                case "withChildren" -> archive.setWithChildren(value.bool());
                default -> store(store, key, value);
            }
        });
        return inTable
                ? archive.setTable(table).build()
                : archive.setStore(store).build();
    }

    /** Files at a destination, with all columns: {@code {to: cold-storage, format: csv, compression: zstd, verify: read-back}}. */
    public static ArchiveStore store(Item item) {
        ArchiveStore.Builder store = ArchiveStore.newBuilder();
        Map<String, Item> fields = item.fields("to", "format", "compression", "partBytes", "verify");
        if (!fields.containsKey("to")) {
            throw item.wrong("needs a destination, for example {to: cold-storage}");
        }
        fields.forEach((key, value) -> store(store, key, value));
        return store.build();
    }

    private static void store(ArchiveStore.Builder store, String key, Item value) {
        switch (key) {
            case "to" -> store.setDestination(value.text());
            case "format" -> store.setFormat(value.text());
            case "compression" -> store.setCompression(value.text());
            case "columns" -> value.list().forEach(column -> store.addColumns(column.text()));
            case "partBytes" -> store.setPartBytes(value.integer());
            case "durable" -> store.setDurable(ChoiceText.read(value, ArchiveDurability.class, "ARCHIVE_DURABILITY_"));
            default -> store.setVerify(ChoiceText.read(value, ArchiveProof.class, "ARCHIVE_PROOF_"));
        }
    }

    static RollUp rollUp(Item item) {
        RollUp.Builder rollUp = RollUp.newBuilder();
        item.fields("the roll-up", ROLL_UP_KEYS, List.of("into", "bucket", "measures"))
                .forEach((key, value) -> {
                    switch (key) {
                        case "into" -> rollUp.setInto(TableText.read(value));
                        case "bucket" -> rollUp.setBucket(bucket(value));
                        case "zone" -> rollUp.setZone(value.text());
                        case "by" -> value.list().forEach(column -> rollUp.addBy(column.text()));
                        default -> value.fields().forEach((name, figure) -> rollUp.addMeasures(measure(name, figure)));
                    }
                });
        return rollUp.build();
    }

    private static BucketUnit bucket(Item item) {
        BucketUnit span = SPANS.get(item.text());
        return span == null ? ChoiceText.read(item, BucketUnit.class, "BUCKET_UNIT_") : span;
    }

    private static RollUpMeasure measure(String name, Item item) {
        RollUpMeasure.Builder measure = RollUpMeasure.newBuilder().setName(name);
        if (!item.isMap()) {
            if (!item.text().equals("count")) {
                throw wrong(item);
            }
            return measure.setKind(MeasureKind.MEASURE_KIND_COUNT).build();
        }
        item.fields().forEach((key, value) -> {
            MeasureKind kind = FIGURES.get(key);
            if (key.equals("most")) {
                measure.setSamples((int) Math.min(Integer.MAX_VALUE, value.integer()));
            } else if (kind == null || measure.getKind() != MeasureKind.MEASURE_KIND_UNSPECIFIED) {
                throw wrong(item);
            } else {
                measure.setKind(kind).setColumn(value.text());
            }
        });
        if (measure.getKind() == MeasureKind.MEASURE_KIND_UNSPECIFIED) {
            throw wrong(item);
        }
        return measure.build();
    }

    private static RuntimeException wrong(Item item) {
        return item.wrong("must be count, or one of {sum: COLUMN}, {min: COLUMN}, {max: COLUMN}, {average: COLUMN},"
                + " {countBy: COLUMN}, {samples: COLUMN, most: 5}");
    }
}
