package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.upkeep.set.PartitionSets.Suggested;
import dev.caretaker.server.partition.upkeep.table.TableReader;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.MissingTable;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks sets against their targets' live catalogs, and reads sets from them. The tables of a target are read at once. */
@Singleton
class SetTables {
    private final Targets targets;
    private final ArchiveFit archives;
    private final Clock clock;

    SetTables(Targets targets, ArchiveFit archives, Clock clock) {
        this.targets = targets;
        this.archives = archives;
        this.clock = clock;
    }

    /** A set with what follows from its table, and what will not go well. */
    record Fitted(PartitionSet set, List<String> warnings) {}

    /** @throws CaretakerException INVALID_FIELD with all there is to complain about, TARGET_UNREACHABLE */
    List<Fitted> fit(List<PartitionSet> sets) {
        Map<String, Map<TableName, TableState>> tables = new HashMap<>();
        List<FieldViolation> violations = new ArrayList<>();
        List<Fitted> fitted = new ArrayList<>();
        Set<TableName> seen = new HashSet<>();
        for (int i = 0; i < sets.size(); i++) {
            PartitionSet set = sets.get(i);
            String path = "sets[" + i + "]";
            Optional<Target> target = target(set.target());
            if (target.isEmpty()) {
                violations.add(new FieldViolation(path + ".target", "no target is named \"" + set.target() + "\""));
                continue;
            }
            if (!target.get().inScope(set.table().schema())) {
                violations.add(new FieldViolation(
                        path + ".table.schema",
                        "schema \"" + set.table().schema() + "\" is not one that Caretaker may touch at target "
                                + set.target()));
                continue;
            }
            if (!seen.add(set.table())) {
                violations.add(new FieldViolation(path + ".table", "is the table of another set of this request"));
            }
            TableState table = tables.computeIfAbsent(set.target(), name -> read(target.get(), name, sets))
                    .get(set.table());
            if (table == null) {
                violations.add(
                        new FieldViolation(path + ".table.name", MissingTable.clause(target.get(), set.table())));
                continue;
            }
            SetFit fit = SetFit.of(set, table, path);
            violations.addAll(fit.violations());
            violations.addAll(archives.objections(set, path + ".retirement.archive"));
            fit.set().ifPresent(resolved -> fitted.add(new Fitted(resolved, SetWarnings.of(resolved, table))));
        }
        if (!violations.isEmpty()) {
            throw CaretakerException.invalid(violations);
        }
        return fitted;
    }

    Suggested suggest(String targetName, TableName name, Optional<ZoneId> zone) {
        Target target = targets.get(targetName);
        if (!target.inScope(name.schema())) {
            throw CaretakerException.invalid(
                    "table.schema", "schema \"" + name.schema() + "\" is not one that Caretaker may touch");
        }
        TableState table = target.withPrimary(
                        connection -> TableReader.read(connection, List.of(name), target.actsAsOwner()))
                .get(name);
        if (table == null) {
            throw CaretakerException.invalid("table.name", MissingTable.clause(target, name));
        }
        SetFit.refusal(table).ifPresent(why -> {
            throw CaretakerException.invalid("table.name", why);
        });
        return Suggestion.of(targetName, table, zone, clock.instant());
    }

    private static Map<TableName, TableState> read(Target target, String name, List<PartitionSet> sets) {
        List<TableName> names = sets.stream()
                .filter(set -> set.target().equals(name))
                .map(PartitionSet::table)
                .collect(Collectors.toList());
        return target.withPrimary(connection -> TableReader.read(connection, names, target.actsAsOwner()));
    }

    private Optional<Target> target(String name) {
        try {
            return Optional.of(targets.get(name));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.TARGET_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
