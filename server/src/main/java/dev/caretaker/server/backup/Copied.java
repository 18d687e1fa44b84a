package dev.caretaker.server.backup;

import dev.caretaker.server.archive.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an engine copied.
 *
 * @param source where from
 * @param snapshot the moment whose state it is
 * @param objects statements that make the objects again, in an order in which they can be tried
 * @param tables all of the selection, partitioned ones included, whose rows are in their partitions
 * @param sequences as they stood when all rows were copied: sequences are outside of snapshots
 * @param files further objects in the folder, such as those of pg_dump
 * @param notContained what of the database is not in it, one sentence each
 * @param tools names and versions of the programs that were at work, Caretaker among them
 * @param dump what is known of pg_dump's archive; empty with other engines
 * @param collations those that its columns and indexes use; none in a backup of an earlier version
 */
public record Copied(
        Source source,
        Instant snapshot,
        List<MadeObject> objects,
        List<CopiedTable> tables,
        List<CopiedSequence> sequences,
        List<Manifest.Part> files,
        List<String> notContained,
        Map<String, String> tools,
        Optional<Dumped> dump,
        List<CopiedCollation> collations) {

    public Copied {
        collations = Objects.requireNonNullElse(collations, List.of());
    }

    /** The same with one more program that was at work. */
    Copied with(String name, String version) {
        Map<String, String> all = new TreeMap<>(tools);
        all.put(name, version);
        return new Copied(
                source, snapshot, objects, tables, sequences, files, notContained, Map.copyOf(all), dump, collations);
    }

    /** The same, with what may not come back without the rows that were left out. */
    Copied withConsequences() {
        List<String> all = Stream.concat(notContained.stream(), new LeftOutRows(this).sentences(objects).stream())
                .toList();
        return new Copied(source, snapshot, objects, tables, sequences, files, all, tools, dump, collations);
    }

    /** Roles that what was copied names: owners, and those that were granted something. */
    public Set<String> roles() {
        Set<String> roles = new TreeSet<>();
        objects.stream().map(MadeObject::role).filter(role -> !role.isEmpty()).forEach(roles::add);
        dump.ifPresent(known -> roles.addAll(known.roles()));
        return roles;
    }

    /**
     * The database it was taken from.
     *
     * @param serverVersion such as 18.6
     * @param locale collation of the database, as CREATE DATABASE takes it
     * @param provider whose collation it has instead; empty if it is that of the machine's C library
     */
    public record Source(
            long systemIdentifier,
            long databaseOid,
            String database,
            String serverVersion,
            int major,
            String encoding,
            String locale,
            Optional<Provider> provider) {}

    /**
     * Where the collation of a database comes from.
     *
     * @param name icu or builtin, as CREATE DATABASE takes it
     * @param locale by its own names
     */
    public record Provider(String name, String locale) {}
}
