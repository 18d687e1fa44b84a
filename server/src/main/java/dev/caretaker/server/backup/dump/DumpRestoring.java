package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.DumpFormat;
import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Restored;
import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.backup.copy.Restoring;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One restore of an archive of pg_dump. All of it is the work of pg_restore. Of a part pg_restore loads the rows, and statements of
 * ours make the rest: pg_restore itself would leave out schemas, types, indexes and keys.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgrestore.html">pg_restore, option --table</a>
 */
final class DumpRestoring {
    /** Of rows: why they are not there, if that says nothing against them. */
    private static final Set<Unmade.Why> UNLOADED = Set.of(Unmade.Why.REFUSED, Unmade.Why.UNDECIDED);

    private final BackupManifest manifest;
    private final Dumped dump;
    private final RestorePart part;
    private final Target into;
    private final BackupFolder from;
    private final Gate gate;
    private final Programs programs;
    private final WorkFolder folder;
    private final String name;
    private final RestoreProgram program;
    private final RestoreFailures failures;

    DumpRestoring(
            BackupManifest manifest,
            Dumped dump,
            RestorePart part,
            Target into,
            BackupFolder from,
            Gate gate,
            Programs programs,
            WorkFolder folder) {
        this.manifest = manifest;
        this.dump = dump;
        this.part = part;
        this.into = into;
        this.from = from;
        this.gate = gate;
        this.programs = programs;
        this.folder = folder;
        this.name = "caretaker/restore " + manifest.order().id();
        this.program = new RestoreProgram(programs, into, name, gate);
        this.failures = new RestoreFailures(programs, dump, folder, gate);
    }

    /**
     * One after the other: within one call a pg_restore with several jobs may make a trigger of a partitioned table, which has no
     * rows of its own to wait for, before the rows of its partitions are loaded, and would have it change them.
     */
    private enum Section {
        PRE_DATA("pre-data", 0.2, "making what holds rows"),
        DATA("data", 0.25, "loading rows"),
        POST_DATA("post-data", 0.75, "making indexes, keys and triggers");

        private final String option;
        private final double begins;
        private final String phase;

        Section(String option, double begins, String phase) {
            this.option = option;
            this.begins = begins;
            this.phase = phase;
        }

        private List<String> added(List<String> arguments) {
            List<String> all = new ArrayList<>(arguments);
            all.add("--section=" + option);
            return all;
        }
    }

    Restored run() throws SQLException, IOException {
        return part.isWhole() && dump.all() ? whole() : some();
    }

    private Restored some() throws SQLException, IOException {
        List<String> notes = new ArrayList<>();
        Restored made =
                new Restoring(manifest, part, into, gate, (session, _, tables) -> load(session, tables, notes)).run();
        notes.addAll(made.notes());
        return new Restored(
                made.tables(),
                made.rows(),
                made.missing(),
                made.unloaded(),
                made.lacking(),
                notes,
                programs.restoreVersions());
    }

    private Map<TableName, String> load(Session session, List<CopiedTable> tables, List<String> notes)
            throws SQLException, IOException {
        if (tables.isEmpty()) {
            return Map.of();
        }
        Set<TableName> wanted = tables.stream().map(CopiedTable::table).collect(Collectors.toSet());
        Path archive = fetch(tables);
        List<Dumped.Entry> entries = dump.entries().stream()
                .filter(entry -> wanted.contains(entry.table()))
                .toList();
        Path list = folder.write(
                "list", entries.stream().map(entry -> entry.number() + ";\n").collect(Collectors.joining()));
        gate.at(0.2, "loading rows");
        List<String> asked = List.of("--data-only", "--use-list=" + list);
        Complaints.Failed failed = program.run(archive, asked, manifest.order().sessions());
        Map<TableName, String> refused = new HashMap<>();
        for (Failure failure : failures.of(failed, archive, asked, List.of("--data-only"), session, notes)) {
            Optional<TableName> table = dump.tableOf(failure.entry().number());
            SQLException error = failure.obstacle().error();
            if (table.isEmpty() || failure.cause() != Unmade.Why.REFUSED) {
                throw error;
            }
            refused.put(table.get(), PostgresErrors.clause(error));
        }
        return refused;
    }

    private Restored whole() throws SQLException, IOException {
        List<String> notes = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        Set<String> lacking = lackingRoles();
        if (!part.owners() || !lacking.isEmpty()) {
            arguments.add("--no-owner");
            arguments.add("--no-privileges");
        }
        Path archive = fetch(manifest.copied().tables());
        List<Failure> failed = new ArrayList<>();
        for (Section section : Section.values()) {
            gate.at(section.begins, section.phase);
            int sessions = section == Section.PRE_DATA ? 1 : manifest.order().sessions(); // more have no use for it
            Complaints.Failed had = program.run(archive, section.added(arguments), sessions);
            if (had.counted().isPresent()) {
                try (Session session = into.openSession(name);
                        Gate.Registration _ = Crew.watched(gate, session)) {
                    failed.addAll(failures.of(had, archive, section.added(arguments), arguments, session, notes));
                }
            }
        }
        EntryKeys keys = new EntryKeys(manifest.copied());
        List<Unmade> missing = new ArrayList<>();
        Set<TableName> lost = new HashSet<>();
        Set<TableName> unloaded = new HashSet<>();
        for (Failure failure : failed) {
            Optional<TableName> table = dump.tableOf(failure.entry().number());
            Unmade unmade = failure.unmade(table.isPresent(), keys);
            table.ifPresent(lost::add);
            table.filter(_ -> UNLOADED.contains(unmade.why())).ifPresent(unloaded::add);
            if (!failure.isNoLoss()) {
                missing.add(unmade);
            }
        }
        if (part.owners() && !lacking.isEmpty()) {
            rights(lacking, missing, notes);
        }
        List<CopiedTable> loaded = manifest.copied().tables().stream()
                .filter(table -> table.stored() && table.hasRows() && !lost.contains(table.table()))
                .toList();
        return new Restored(
                loaded.size(),
                loaded.stream().mapToLong(CopiedTable::rows).sum(),
                missing,
                unloaded,
                lackingExtensions(),
                notes,
                programs.restoreVersions());
    }

    private Set<String> lackingRoles() {
        Set<String> lacking = new TreeSet<>(manifest.copied().roles());
        into.withPrimary(connection -> {
            Sql.of("SELECT rolname FROM pg_catalog.pg_roles")
                    .list(connection, row -> row.getString(1))
                    .forEach(lacking::remove);
            return lacking;
        });
        return lacking;
    }

    /** Those that the backup names and that could not be made here. */
    private Set<String> lackingExtensions() {
        Set<String> lacking = new TreeSet<>();
        manifest.copied().objects().stream()
                .filter(object -> object.kind().equals("extension"))
                .forEach(object -> lacking.add(object.name().name()));
        into.withPrimary(connection -> {
            Sql.of("SELECT extname FROM pg_catalog.pg_extension")
                    .list(connection, row -> row.getString(1))
                    .forEach(lacking::remove);
            return lacking;
        });
        return lacking;
    }

    /** pg_restore cannot leave out some roles, so it has left out all. */
    private void rights(Set<String> lacking, List<Unmade> missing, List<String> notes) throws SQLException {
        lacking.forEach(
                role -> notes.add("Role " + role + " does not exist here: what it owned and was granted is left out."));
        notes.add("Default privileges, and owners of kinds such as aggregates and large objects, are left out, too.");
        try (Session session = into.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session)) {
            missing.addAll(Restoring.rights(manifest, session.connection(), gate, lacking));
        }
    }

    /** The archive, or what of it is needed, as it was put. */
    private Path fetch(List<CopiedTable> tables) throws IOException {
        List<Manifest.Part> parts = Stream.concat(
                        manifest.filesFor(part).stream(), tables.stream().flatMap(table -> table.parts().stream()))
                .toList();
        Path local = folder.folder("archive");
        int done = 0;
        for (Manifest.Part object : parts) {
            gate.pass();
            gate.at(0.2 * done++ / parts.size(), "fetching " + done + " of " + parts.size() + " files");
            Files.move(from.fetch(object), local.resolve(BackupFolder.nameOf(object)), StandardCopyOption.ATOMIC_MOVE);
        }
        return dump.format() == DumpFormat.DIRECTORY
                ? local
                : local.resolve(BackupFolder.nameOf(manifest.copied().files().getFirst()));
    }
}
