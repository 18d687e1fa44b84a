package dev.caretaker.server.detect;

import dev.caretaker.server.detect.CheckResult.Figure;
import dev.caretaker.server.detect.CheckResult.Status;
import dev.caretaker.server.store.Measurement.Measure;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Target;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the rows of a check. Columns that a check may have: object_kind, object_name, message (these three it must have),
 * schema_name, object_key, severity, confidence, impact, evidence, remediation, blocks_vacuum, blocks_cleanup, unseen.
 * A row whose {@code unseen} is above zero is no finding: it tells of so many objects that could not be judged; its message
 * says why. One of our own may have measure and value, too: a row with a measure is no finding, but a figure of object_key, or of
 * object_name where there is no key; those of the same name are added up.
 */
final class Harvest {
    /** Findings of one check that are told, the worst ones. */
    static final int LIMIT = 500;

    /** As many are looked at for what they have in common. */
    private static final int GATHERED = 20_000;

    private static final Set<String> REQUIRED = Set.of("object_kind", "object_name", "message");
    private static final Set<String> KNOWN = Set.of(
            "object_kind",
            "object_name",
            "message",
            "schema_name",
            "object_key",
            "severity",
            "confidence",
            "impact",
            "evidence",
            "remediation",
            "blocks_vacuum",
            "blocks_cleanup",
            "unseen");

    private static final String MEASURE = "measure";
    private static final String VALUE = "value";

    private final Target target;
    private final Scope scope;
    private final Check check;
    private final PriorityQueue<RawFinding> worst = new PriorityQueue<>(RawFinding.WORST_FIRST.reversed());
    private final Set<String> ids = new HashSet<>();
    private final Unseen unseen = new Unseen();
    private final Map<Named, Double> figures = new LinkedHashMap<>();

    /** Whose figure it is. */
    private record Named(Measure measure, String name) {}

    Harvest(Target target, Scope scope, Check check) {
        this.target = target;
        this.scope = scope;
        this.check = check;
    }

    /** Reads all rows. Fails with {@link CheckFile.Broken} if they are not those of a check. */
    void take(ResultSet rows) throws SQLException {
        Set<String> columns = columns(rows.getMetaData());
        while (rows.next()) {
            long blind = columns.contains("unseen") ? rows.getLong("unseen") : 0;
            String schema = text(rows, columns, "schema_name").orElse("");
            String object = text(rows, columns, "object_name").orElse("");
            if (!schema.isEmpty() && !scope.holds(schema, object)) {
                continue;
            }
            Optional<String> measure = text(rows, columns, MEASURE);
            if (measure.isPresent()) {
                String name = text(rows, columns, "object_key")
                        .filter(key -> !key.isEmpty())
                        .orElse(object);
                figures.merge(new Named(Measure.of(measure.get()), name), rows.getDouble(VALUE), Double::sum);
            } else if (blind > 0) {
                unseen.add(
                        blind,
                        object.isEmpty() || schema.isEmpty() ? object : schema + "." + object,
                        text(rows, columns, "message").orElse(""));
            } else {
                add(finding(rows, columns, schema));
            }
        }
    }

    void add(RawFinding finding) {
        ids.add(finding.id());
        worst.add(finding);
        if (worst.size() > GATHERED) {
            worst.poll();
        }
    }

    /** Takes over what one part of the check found. */
    void merge(Harvest part) {
        ids.addAll(part.ids);
        part.worst.forEach(this::add);
        unseen.addAll(part.unseen);
        part.figures.forEach((named, value) -> figures.merge(named, value, Double::sum));
    }

    /** Objects that were left out; see {@link Unseen#add}. */
    void unseen(long objects, String name, String reason) {
        unseen.add(objects, name, reason);
    }

    /** Whether some of the findings may be one. */
    boolean hasMany() {
        return worst.size() > Families.FEW;
    }

    CheckResult result(Optional<Families> families) {
        List<RawFinding> gathered = new ArrayList<>(worst);
        List<RawFinding> findings = new ArrayList<>(
                families.map(known -> known.grouped(target.name(), gathered)).orElse(gathered));
        gathered.forEach(finding -> ids.remove(finding.id()));
        findings.forEach(finding -> ids.add(finding.id()));
        findings.sort(RawFinding.WORST_FIRST);
        String cut = ids.size() > LIMIT ? "the " + LIMIT + " worst of " + ids.size() + " findings are listed" : "";
        String blind = unseen.describe();
        String reason = blind.isEmpty() || cut.isEmpty() ? blind + cut : blind + "; " + cut;
        return new CheckResult(
                check.id(),
                Status.RAN,
                reason,
                findings.stream().limit(LIMIT).toList(),
                Set.copyOf(ids),
                unseen.objects(),
                figures.entrySet().stream()
                        .map(one ->
                                new Figure(one.getKey().measure(), one.getKey().name(), one.getValue()))
                        .toList());
    }

    private RawFinding finding(ResultSet rows, Set<String> columns, String schema) throws SQLException {
        String kind = required(rows, "object_kind");
        String object = required(rows, "object_name");
        double impact = columns.contains("impact") ? rows.getDouble("impact") : 0;
        return new RawFinding(
                RawFinding.id(
                        target.name(),
                        check.id(),
                        kind,
                        schema,
                        object,
                        text(rows, columns, "object_key").orElse("")),
                check.id(),
                constant(Severity.class, text(rows, columns, "severity"), check.severity()),
                constant(Confidence.class, text(rows, columns, "confidence"), check.confidence()),
                kind,
                schema,
                object,
                required(rows, "message"),
                Double.isFinite(impact) ? impact : 0,
                check.impactUnit(),
                text(rows, columns, "evidence").orElse("{}"),
                text(rows, columns, "remediation"),
                flag(rows, columns, "blocks_vacuum").orElse(check.blocksVacuum()),
                flag(rows, columns, "blocks_cleanup").orElse(check.blocksCleanup()));
    }

    private Set<String> columns(ResultSetMetaData metadata) throws SQLException {
        Set<String> columns = new TreeSet<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            String name = metadata.getColumnLabel(i);
            boolean ours = !check.custom() && (name.equals(MEASURE) || name.equals(VALUE));
            if (!KNOWN.contains(name) && !ours) {
                throw new CheckFile.Broken("the result has an unknown column " + name);
            }
            columns.add(name);
        }
        for (String name : REQUIRED) {
            if (!columns.contains(name)) {
                throw new CheckFile.Broken("the result has no column " + name);
            }
        }
        return columns;
    }

    private static String required(ResultSet rows, String column) throws SQLException {
        String value = rows.getString(column);
        if (value == null) {
            throw new CheckFile.Broken("the result has a row without " + column);
        }
        return value;
    }

    private static Optional<String> text(ResultSet rows, Set<String> columns, String column) throws SQLException {
        return columns.contains(column) ? Optional.ofNullable(rows.getString(column)) : Optional.empty();
    }

    private static Optional<Boolean> flag(ResultSet rows, Set<String> columns, String column) throws SQLException {
        return columns.contains(column) ? Optional.ofNullable(rows.getObject(column, Boolean.class)) : Optional.empty();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, Optional<String> text, E otherwise) {
        try {
            return text.map(name -> Enum.valueOf(type, name.toUpperCase(Locale.ROOT)))
                    .orElse(otherwise);
        } catch (IllegalArgumentException e) {
            throw new CheckFile.Broken(
                    "the result has a " + type.getSimpleName().toLowerCase(Locale.ROOT) + " \"" + text.orElseThrow()
                            + "\"",
                    e);
        }
    }
}
