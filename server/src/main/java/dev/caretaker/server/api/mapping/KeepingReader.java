package dev.caretaker.server.api.mapping;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.Keeping.Figure;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BucketUnit;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a policy's action, and what it keeps of rows, as far as that can be checked without the table. */
final class KeepingReader {
    private static final int MOST_DIMENSIONS = 16;
    private static final int MOST_MEASURES = 50;
    private static final int MOST_SAMPLES = 5;
    /** As many as a table can have. */
    private static final int MOST_COLUMNS = 1_600;

    private static final long LEAST_PART = 1L << 20;
    private static final long LARGEST_PART = 5L << 30;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*\\}?|\\}");
    private static final Set<String> KNOWN = Set.of("{table}", "{yyyy}", "{mm}", "{dd}");

    private final Violations violations;

    KeepingReader(Violations violations) {
        this.violations = violations;
    }

    /** @param path of the policy */
    static Optional<Keeping> read(Violations violations, String path, Policy message) {
        KeepingReader reader = new KeepingReader(violations);
        PolicyAction action = message.getAction();
        boolean archives = action == PolicyAction.POLICY_ACTION_ARCHIVE;
        boolean rollsUp = action == PolicyAction.POLICY_ACTION_ROLL_UP;
        violations.require(
                archives || rollsUp || action == PolicyAction.POLICY_ACTION_DELETE,
                path + ".action",
                "is required: DELETE, ARCHIVE or ROLL_UP");
        violations.require(
                archives == message.hasArchive(),
                path + ".archive",
                archives ? "is required with action ARCHIVE" : "is only for action ARCHIVE");
        violations.require(
                rollsUp ? message.hasRollUp() : archives || !message.hasRollUp(),
                path + ".roll_up",
                rollsUp ? "is required with action ROLL_UP" : "is only for actions ROLL_UP and ARCHIVE");
        if (archives && message.hasArchive()) {
            Optional<Keeping.RollUp> figures = message.hasRollUp()
                    ? Optional.of(reader.rollUp(path + ".roll_up", message.getRollUp()))
                    : Optional.empty();
            return Optional.ofNullable(reader.place(path + ".archive", message.getArchive()))
                    .map(place -> new Keeping.Archive(
                            place,
                            message.getArchive().getLoseChildren(),
                            message.getArchive().getWithChildren(),
                            figures));
        }
        return rollsUp && message.hasRollUp()
                ? Optional.of(reader.rollUp(path + ".roll_up", message.getRollUp()))
                : Optional.empty();
    }

    private Keeping.Place place(String path, ArchiveTo message) {
        violations.require(
                !message.getWithChildren() || !message.getLoseChildren(),
                path + ".with_children",
                "contradicts lose_children");
        return switch (message.getPlaceCase()) {
            case TABLE -> {
                String at = path + ".table.name";
                TableName pattern =
                        Names.read(violations, at, message.getTable().getName());
                placeholders(at + ".name", pattern.name());
                violations.require(
                        !message.getWithChildren() || pattern.name().contains("{table}"),
                        at + ".name",
                        "needs {table} in it where children are archived, too: each table has one of its own");
                yield new Keeping.Table(pattern, message.getTable().getIndexes());
            }
            case STORE -> store(path + ".store", message.getStore());
            case PLACE_NOT_SET -> {
                violations.add(path, "needs a place: table or store");
                yield null;
            }
        };
    }

    /** What a destination gets, and how. */
    Keeping.Store store(String path, ArchiveStore message) {
        violations.required(path + ".destination", message.getDestination());
        int count = message.getColumnsCount();
        violations.require(count <= MOST_COLUMNS, path + ".columns", "must hold at most 1,600 columns");
        List<String> columns =
                message.getColumnsList().stream().limit(MOST_COLUMNS).toList();
        for (int i = 0; i < columns.size(); i++) {
            violations.identifier(path + ".columns[" + i + "]", columns.get(i));
        }
        violations.require(
                columns.size() == new HashSet<>(columns).size(), path + ".columns", "must name each column once");
        long bytes = message.getPartBytes();
        violations.require(
                bytes == 0 || bytes >= LEAST_PART && bytes <= LARGEST_PART,
                path + ".part_bytes",
                "must be 1 MB to 5 GB; 0 means 256 MB");
        VerifyLevel verify = switch (message.getVerify()) {
            case ARCHIVE_PROOF_STORED -> VerifyLevel.STORED;
            case ARCHIVE_PROOF_UNSPECIFIED, ARCHIVE_PROOF_READ_BACK -> VerifyLevel.READ_BACK;
            case UNRECOGNIZED -> {
                violations.add(path + ".verify", "is not a choice this server knows");
                yield VerifyLevel.READ_BACK;
            }
        };
        return new Keeping.Store(
                new ArchiveTerms(
                        message.getDestination(),
                        message.getFormat().isEmpty() ? "csv" : message.getFormat(),
                        message.getCompression().isEmpty() ? "zstd" : message.getCompression(),
                        bytes == 0 ? ArchiveTerms.USUAL_PART_BYTES : bytes,
                        verify,
                        awaited(path + ".durable", message.getDurable())),
                columns);
    }

    private boolean awaited(String path, ArchiveDurability durable) {
        return switch (durable) {
            case ARCHIVE_DURABILITY_REMOTE -> true;
            case ARCHIVE_DURABILITY_UNSPECIFIED, ARCHIVE_DURABILITY_SPOOL -> false;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a choice this server knows");
                yield false;
            }
        };
    }

    private void placeholders(String path, String pattern) {
        PLACEHOLDER
                .matcher(pattern)
                .results()
                .map(found -> found.group())
                .filter(found -> !KNOWN.contains(found))
                .findFirst()
                .ifPresent(found -> violations.add(
                        path, "has \"" + found + "\", which stands for nothing; {table}, {yyyy}, {mm} and {dd} do"));
    }

    private Keeping.RollUp rollUp(String path, RollUp message) {
        TableName into = Names.read(violations, path + ".into", message.getInto());
        Keeping.Bucket bucket = bucket(path + ".bucket", message.getBucket());
        violations.require(message.getByCount() <= MOST_DIMENSIONS, path + ".by", "must hold at most 16 columns");
        List<String> by = message.getByList().stream().limit(MOST_DIMENSIONS).toList();
        for (int i = 0; i < by.size(); i++) {
            violations.identifier(path + ".by[" + i + "]", by.get(i));
        }
        int count = message.getMeasuresCount();
        violations.require(count >= 1 && count <= MOST_MEASURES, path + ".measures", "must hold 1 to 50 figures");
        List<Keeping.Measure> measures = new ArrayList<>();
        for (int i = 0; i < Math.min(count, MOST_MEASURES); i++) {
            measures.add(measure(path + ".measures[" + i + "]", message.getMeasures(i)));
        }
        distinct(path, by, measures);
        return new Keeping.RollUp(
                into, bucket, Times.zone(violations, path + ".zone", message.getZone()), by, measures);
    }

    private Keeping.Bucket bucket(String path, BucketUnit unit) {
        return switch (unit) {
            case BUCKET_UNIT_MINUTE -> Keeping.Bucket.MINUTE;
            case BUCKET_UNIT_HOUR -> Keeping.Bucket.HOUR;
            case BUCKET_UNIT_DAY -> Keeping.Bucket.DAY;
            case BUCKET_UNIT_WEEK -> Keeping.Bucket.WEEK;
            case BUCKET_UNIT_MONTH -> Keeping.Bucket.MONTH;
            case BUCKET_UNIT_QUARTER -> Keeping.Bucket.QUARTER;
            case BUCKET_UNIT_YEAR -> Keeping.Bucket.YEAR;
            case BUCKET_UNIT_UNSPECIFIED, UNRECOGNIZED -> {
                violations.add(path, "is required: MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR");
                yield null;
            }
        };
    }

    private Keeping.Measure measure(String path, RollUpMeasure message) {
        Figure figure = figure(path + ".kind", message.getKind());
        violations.identifier(path + ".name", message.getName());
        boolean counts = figure == Figure.COUNT;
        if (figure != null && !counts) {
            violations.identifier(path + ".column", message.getColumn());
        }
        violations.require(
                !counts || message.getColumn().isEmpty(), path + ".column", "is not for COUNT, which counts rows");
        int samples = message.getSamples();
        boolean sampled = figure == Figure.SAMPLES;
        violations.require(
                sampled ? samples >= 0 && samples <= MOST_SAMPLES : samples == 0,
                path + ".samples",
                sampled ? "must be 1 to 5; 0 means 5" : "is only for SAMPLES");
        Keeping.Measure measure = new Keeping.Measure(
                message.getName(),
                figure,
                counts || message.getColumn().isEmpty() ? Optional.empty() : Optional.of(message.getColumn()),
                sampled ? OptionalInt.of(samples == 0 ? MOST_SAMPLES : samples) : OptionalInt.empty());
        if (figure == Figure.AVERAGE && !message.getName().isEmpty()) {
            measure.columns().forEach(column -> violations.identifier(path + ".name", column));
        }
        return measure;
    }

    private Figure figure(String path, MeasureKind kind) {
        return switch (kind) {
            case MEASURE_KIND_COUNT -> Figure.COUNT;
            case MEASURE_KIND_SUM -> Figure.SUM;
            case MEASURE_KIND_MIN -> Figure.MIN;
            case MEASURE_KIND_MAX -> Figure.MAX;
            case MEASURE_KIND_AVERAGE -> Figure.AVERAGE;
            case MEASURE_KIND_COUNT_BY -> Figure.COUNT_BY;
            case MEASURE_KIND_SAMPLES -> Figure.SAMPLES;
            case MEASURE_KIND_UNSPECIFIED, UNRECOGNIZED -> {
                violations.add(path, "is required: COUNT, SUM, MIN, MAX, AVERAGE, COUNT_BY or SAMPLES");
                yield null;
            }
        };
    }

    /** Columns of the roll-up have different names. */
    private void distinct(String path, List<String> by, List<Keeping.Measure> measures) {
        Set<String> names = new HashSet<>(Set.of(Keeping.RollUp.BUCKET_COLUMN));
        String taken = "would be a column of the roll-up twice";
        for (int i = 0; i < by.size(); i++) {
            violations.require(names.add(by.get(i)), path + ".by[" + i + "]", taken);
        }
        for (int i = 0; i < measures.size(); i++) {
            for (String column : measures.get(i).columns()) {
                violations.require(names.add(column), path + ".measures[" + i + "].name", taken);
            }
        }
    }
}
