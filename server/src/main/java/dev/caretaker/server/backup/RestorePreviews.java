package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells beforehand what a restore would make, and what not. Nothing is changed. */
final class RestorePreviews {
    /** Of these it is not told how many: a right is no object, and a view is refreshed as it is made. */
    private static final Set<String> UNCOUNTED = Set.of(
            "owner",
            "grants",
            "refresh",
            "sequence owner",
            "trigger state",
            "rule state",
            "typed table",
            "shell type",
            "column setting",
            "index setting",
            "statistics target");

    /** What a restore is refused for that may not be so later. */
    private static final Set<Reason> OBSTACLES =
            Set.of(Reason.DATABASE_NOT_EMPTY, Reason.UNSUPPORTED_SERVER, Reason.TOOL_MISSING, Reason.TOOL_FAILED);

    private final BackupRow backup;
    private final BackupManifest manifest;
    private final RestorePart part;
    private final Target into;
    private final BackupEngine engine;
    private final Set<TableName> taken;

    RestorePreviews(BackupRow backup, BackupManifest manifest, RestorePart part, Target into, BackupEngine engine) {
        this.backup = backup;
        this.manifest = manifest;
        this.part = part;
        this.into = into;
        this.engine = engine;
        this.taken = part.tablesOf(manifest);
    }

    /** What the target has. */
    private record Here(Set<TableName> tables, Set<String> roles, Set<String> extensions) {}

    /** @throws CaretakerException INVALID_FIELD for a table that is not in the backup, TARGET_UNREACHABLE */
    RestorePreview preview(boolean allowNotEmpty) {
        List<CopiedTable> tables = manifest.copied().tables().stream()
                .filter(table -> taken.contains(table.table()))
                .toList();
        List<MadeObject> objects = manifest.copied().objects().stream()
                .filter(object -> part.takes(object, taken))
                .toList();
        Map<String, Long> counts = new TreeMap<>(objects.stream()
                .map(MadeObject::kind)
                .filter(kind -> !UNCOUNTED.contains(kind))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        if (part.isWhole()) {
            manifest.copied().dump().filter(Dumped::all).ifPresent(dump -> counts.putAll(dump.counts()));
        }
        return new RestorePreview(
                tables,
                counts,
                bytes(tables),
                Stream.concat(
                                leftOut(tables, objects, here()).stream(),
                                Occupied.of(into).changed(manifest, part).stream())
                        .toList(),
                obstacles(allowNotEmpty),
                backup.evidence().map(json -> Json.read(json, Evidence.class).restore()));
    }

    private long bytes(List<CopiedTable> tables) {
        return tables.stream().mapToLong(CopiedTable::bytes).sum()
                + manifest.filesFor(part).stream()
                        .mapToLong(file -> file.bytes())
                        .sum();
    }

    private List<String> obstacles(boolean allowNotEmpty) {
        return Stream.<Runnable>of(
                        () -> engine.requireRestore(manifest),
                        () -> BackupReturn.requireAsNew(manifest, into),
                        () -> BackupReturn.require(manifest, part, into, allowNotEmpty))
                .flatMap(requirement -> obstacle(requirement).stream())
                .toList();
    }

    private static Optional<String> obstacle(Runnable requirement) {
        try {
            requirement.run();
            return Optional.empty();
        } catch (CaretakerException e) {
            if (!OBSTACLES.contains(e.reason())) {
                throw e;
            }
            return Optional.of(e.getMessage());
        }
    }

    private Here here() {
        return into.withPrimary(connection -> new Here(
                DatabaseObjects.tables(connection).stream()
                        .map(FoundTable::name)
                        .collect(Collectors.toSet()),
                new HashSet<>(
                        Sql.of("SELECT rolname FROM pg_catalog.pg_roles").list(connection, row -> row.getString(1))),
                new HashSet<>(Sql.of("SELECT name FROM pg_catalog.pg_available_extensions")
                        .list(connection, row -> row.getString(1)))));
    }

    private List<String> leftOut(List<CopiedTable> tables, List<MadeObject> objects, Here here) {
        List<String> sentences =
                new ArrayList<>(part.isWhole() ? manifest.copied().notContained() : List.of());
        tables.stream()
                .filter(table -> table.stored() && !table.hasRows() && !part.isWhole())
                .forEach(table ->
                        sentences.add("Table " + table.table() + " would be empty: its rows are not in the backup."));
        objects.stream()
                .filter(object -> object.kind().equals("extension")
                        && !here.extensions().contains(object.name().name()))
                .forEach(object -> sentences.add(
                        "Extension " + object.name().name() + " is not available at the target, nor what needs it."));
        if (!part.isWhole()) {
            sentences.addAll(new LeftOutRows(manifest.copied())
                    .sentences(objects.stream()
                            .filter(object -> object.kind().equals("foreign key"))
                            .filter(key -> ForeignKeys.referenced(key)
                                    .filter(taken::contains)
                                    .isPresent())
                            .toList()));
        }
        lackingRoles(objects, here)
                .forEach(role -> sentences.add(
                        "Role " + role + " does not exist there: what it owned and was granted would be left out."));
        Set<TableName> there =
                Stream.concat(here.tables().stream(), taken.stream()).collect(Collectors.toSet());
        objects.stream()
                .filter(object -> object.kind().equals("foreign key"))
                .forEach(key -> ForeignKeys.referenced(key)
                        .filter(table -> !there.contains(table))
                        .ifPresent(table -> sentences.add("Foreign key "
                                + key.name().name() + " of "
                                + key.table().map(TableName::toString).orElse("") + " could not be made: table " + table
                                + " would not be there.")));
        return sentences;
    }

    private Set<String> lackingRoles(List<MadeObject> objects, Here here) {
        Set<String> roles = new TreeSet<>();
        if (part.isWhole()) {
            roles.addAll(manifest.copied().roles());
        } else {
            objects.stream()
                    .map(MadeObject::role)
                    .filter(role -> !role.isEmpty())
                    .forEach(roles::add);
        }
        roles.removeAll(here.roles());
        return roles;
    }
}
