package dev.caretaker.server.detect;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes one finding of what a check found on many partitions of a table: their number, the worst of them, and their names.
 * A table with three hundred partitions has one problem, not three hundred.
 */
final class Families {
    /** As many findings on partitions of one table are still told one by one. */
    static final int FEW = 3;

    private static final int NAMED = 50;
    private static final int STATEMENTS = 20;

    private final Map<TableName, TableName> roots = new HashMap<>();

    /** Reads all partitions of the database with their indexes. */
    static Families read(Connection connection) throws SQLException {
        Families families = new Families();
        Sql.resource("detect/families")
                .list(
                        connection,
                        row -> families.roots.put(
                                new TableName(row.getString("schema"), row.getString("name")),
                                new TableName(row.getString("root_schema"), row.getString("root_name"))));
        return families;
    }

    /**
     * What findings have in common.
     *
     * @param rest what follows the relation's name in that of the object, such as a column
     */
    private record Kin(String kind, TableName root, String rest) {}

    /** @param findings of one check */
    List<RawFinding> grouped(String target, List<RawFinding> findings) {
        Map<Kin, List<RawFinding>> byKin = new LinkedHashMap<>();
        List<RawFinding> told = new ArrayList<>();
        for (RawFinding finding : findings) {
            kin(finding)
                    .ifPresentOrElse(
                            kin -> byKin.computeIfAbsent(kin, key -> new ArrayList<>())
                                    .add(finding),
                            () -> told.add(finding));
        }
        byKin.forEach((kin, members) -> {
            if (members.size() <= FEW) {
                told.addAll(members);
            } else {
                told.add(one(target, kin, members));
            }
        });
        return told;
    }

    private Optional<Kin> kin(RawFinding finding) {
        String name = finding.object();
        for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
            TableName root = roots.get(new TableName(finding.schema(), name.substring(0, end)));
            if (root != null) {
                return Optional.of(new Kin(finding.objectKind(), root, name.substring(end)));
            }
        }
        return Optional.empty();
    }

    private static RawFinding one(String target, Kin kin, List<RawFinding> members) {
        List<RawFinding> sorted =
                members.stream().sorted(RawFinding.WORST_FIRST).toList();
        RawFinding worst = sorted.getFirst();
        boolean additive = worst.impactUnit() == ImpactUnit.BYTES || worst.impactUnit() == ImpactUnit.ROWS;
        double impact = additive
                ? members.stream().mapToDouble(RawFinding::impact).sum()
                : members.stream().mapToDouble(RawFinding::impact).max().orElseThrow();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("count", members.size());
        evidence.put(
                "objects",
                sorted.stream()
                        .limit(NAMED)
                        .map(finding -> finding.schema() + "." + finding.object())
                        .toList());
        String statements = sorted.stream()
                .flatMap(finding -> finding.remediation().stream())
                .limit(STATEMENTS)
                .collect(Collectors.joining("\n"));
        String object = kin.root().name() + kin.rest();
        return new RawFinding(
                RawFinding.id(target, worst.checkId(), kin.kind(), kin.root().schema(), object, "partitions"),
                worst.checkId(),
                worst.severity(),
                worst.confidence(),
                kin.kind(),
                kin.root().schema(),
                object,
                "It is so " + members.size() + " times in the partitions of table " + kin.root() + "; the worst: "
                        + worst.message(),
                impact,
                worst.impactUnit(),
                // the evidence of the worst is JSON already
                Json.write(evidence).replaceFirst("}$", "") + ",\"worst\":" + worst.evidence() + "}",
                statements.isEmpty() ? Optional.empty() : Optional.of(statements),
                members.stream().anyMatch(RawFinding::blocksVacuum),
                members.stream().anyMatch(RawFinding::blocksCleanup));
    }
}
