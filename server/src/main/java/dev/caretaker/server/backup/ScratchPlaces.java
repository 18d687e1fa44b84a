package dev.caretaker.server.backup;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.source.ScratchServer;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes databases into which backups are restored to be looked at. */
@Singleton
final class ScratchPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchPlaces.class);
    /** What scratch databases are called; a random name follows. */
    static final String PREFIX = "caretaker_verify_";
    /** What the folder of a scratch server is called, before the name of its database. */
    private static final String FOLDER = "scratch-";

    /** A restored database needs its rows, their indexes, and the log of loading them. */
    private static final int TIMES = 2;

    private final SpoolFolder spool;
    private final Targets targets;
    private final PostgresTools tools;

    ScratchPlaces(SpoolFolder spool, Targets targets, PostgresTools tools) {
        this.spool = spool;
        this.targets = targets;
        this.tools = tools;
    }

    /** A name that nobody else has. */
    static String newName() {
        return PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    }

    /**
     * Whether a scratch database may be made there.
     *
     * @throws CaretakerException UNSUPPORTED_SERVER, SCRATCH_REFUSED, DISK_SPACE_UNKNOWN, DISK_SPACE_SHORT, TARGET_UNREACHABLE
     */
    static void require(BackupManifest manifest, Target scratch, boolean allowSameServer) {
        Copied.Source source = manifest.copied().source();
        record Server(long systemIdentifier, int major) {}
        Server server = scratch.withPrimary(connection -> Sql.resource("backup/source")
                .one(connection, row -> new Server(row.getLong("system_identifier"), row.getInt("major"))));
        if (server.major() < source.major()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_SERVER,
                    "The backup was taken from PostgreSQL " + source.major() + "; target " + scratch.name() + " runs "
                            + server.major() + ", which is older.");
        }
        if (server.systemIdentifier() != source.systemIdentifier()) {
            return;
        }
        if (!allowSameServer) {
            throw CaretakerException.of(
                    Reason.SCRATCH_REFUSED,
                    "Target " + scratch.name() + " is on the server that the backup was taken from;"
                            + " allow_same_server allows that, at the cost of its disk and its other work.",
                    Map.of("target", scratch.name()));
        }
        requireDisk(manifest, scratch);
    }

    private static long needed(BackupManifest manifest) {
        long raw = Stream.concat(
                        manifest.copied().files().stream(),
                        manifest.copied().tables().stream().flatMap(table -> table.parts().stream()))
                .mapToLong(part -> part.rawBytes())
                .sum();
        return TIMES * Math.max(raw, manifest.bytes());
    }

    /**
     * Whether this server's own disk has room for a scratch server.
     *
     * @throws CaretakerException DISK_SPACE_SHORT
     */
    private void requireOwnDisk(BackupManifest manifest) throws IOException {
        long needed = needed(manifest);
        long free = free(spool.root());
        if (free < needed) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_SHORT,
                    "A scratch database needs about " + needed + " bytes; the folder " + spool.place() + " has " + free
                            + " free.");
        }
    }

    private static long free(Path folder) throws IOException {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return Files.getFileStore(there).getUsableSpace();
    }

    private static void requireDisk(BackupManifest manifest, Target scratch) {
        long needed = needed(manifest);
        OptionalLong free = scratch.freeDiskBytes();
        if (free.isEmpty()) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_UNKNOWN,
                    "A scratch database on the server of the backup needs about " + needed
                            + " bytes of its disk, and nobody said how many are free (free-disk-space of target "
                            + scratch.name() + ").");
        }
        if (free.getAsLong() < needed) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_SHORT,
                    "A scratch database needs about " + needed + " bytes; target " + scratch.name() + " has "
                            + free.getAsLong() + " free.");
        }
    }

    /** A database on the server of a target. */
    ScratchPlace onTarget(BackupManifest manifest, String name, String database) {
        Target server = targets.get(name);
        List<String> notes = new ArrayList<>();
        String version = server.withSession("caretaker/verify", session -> {
            create(session.connection(), manifest, database, notes);
            return version(session.connection());
        });
        Target scratch = server.inDatabase(database);
        Place place = new Place(scratch, "target " + name, version, notes, () -> {
            scratch.closeConnections();
            server.withSession("caretaker/verify", session -> {
                drop(session.connection(), database);
                return null;
            });
        });
        boolean other = false;
        try {
            requireOther(manifest.copied().source(), database, scratch);
            other = true;
            return place;
        } finally {
            if (!other) {
                place.close();
            }
        }
    }

    /**
     * Whether a connection leads to the scratch database: what stands between may have a mind of its own, as a pooler that knows one
     * database only.
     *
     * @throws CaretakerException SCRATCH_REFUSED if it leads to another one, such as that which was copied
     */
    static void requireOther(Copied.Source source, String database, Target scratch) {
        record There(long systemIdentifier, long oid, String name) {}
        There there = scratch.withPrimary(connection -> Sql.resource("backup/source")
                .one(
                        connection,
                        row -> new There(
                                row.getLong("system_identifier"),
                                row.getLong("database_oid"),
                                row.getString("database"))));
        boolean isSource = there.systemIdentifier() == source.systemIdentifier() && there.oid() == source.databaseOid();
        if (isSource || !there.name().equals(database)) {
            throw CaretakerException.of(
                    Reason.SCRATCH_REFUSED,
                    "Who connects to the scratch database " + database + " of target " + scratch.name() + " gets to "
                            + there.name() + (isSource ? ", which the backup was taken from" : "")
                            + ": name a target whose URL leads to the server itself.",
                    Map.of("target", scratch.name()));
        }
    }

    /**
     * A server of its own: of the programs of that major version that this machine has, with their extensions, else of those that
     * Caretaker carries.
     *
     * @throws CaretakerException UNSUPPORTED_SERVER if neither are of the major version of the backup
     */
    ScratchPlace embedded(BackupManifest manifest, String database) throws IOException {
        requireOwnDisk(manifest);
        ScratchServer server = ScratchServer.start(
                spool.root().resolve(FOLDER + database),
                tools.server(manifest.copied().source().major()));
        Targets own = new Targets(
                List.of(TargetConfig.of("scratch", server.url(), Credentials.of(server.user(), server.password()))));
        boolean made = false;
        try {
            List<String> notes = new ArrayList<>();
            String version = own.get("scratch").withSession("caretaker/verify", session -> {
                requireMajor(manifest, session.capabilities().major());
                create(session.connection(), manifest, database, notes);
                roles(session.connection(), manifest, notes);
                return version(session.connection());
            });
            Target scratch = own.get("scratch").inDatabase(database);
            made = true;
            return new Place(scratch, "embedded PostgreSQL " + version, version, notes, () -> {
                try (server;
                        own) {
                    scratch.closeConnections();
                }
            });
        } finally {
            if (!made) {
                try (server) {
                    own.close();
                }
            }
        }
    }

    /** Removes scratch servers of Caretaker servers that died, which may still run. */
    @Scheduled(fixedDelay = "5m", initialDelay = "15s")
    void sweep() {
        if (!Files.isDirectory(spool.root())) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(spool.root(), FOLDER + PREFIX + "*")) {
            for (Path folder : left) {
                if (ScratchServer.sweep(folder)) {
                    LOG.info("the scratch server in {} was left by a server that died; it is gone", folder);
                }
            }
        } catch (IOException | CaretakerException | DirectoryIteratorException e) {
            LOG.info("scratch servers in {} cannot be swept now: {}", spool.root(), e.getMessage());
        }
    }

    private void requireMajor(BackupManifest manifest, int major) {
        int wanted = manifest.copied().source().major();
        if (wanted != major) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_SERVER,
                    "The backup was taken from PostgreSQL " + wanted
                            + ", and the PostgreSQL that this server carries is " + major
                            + ": name a scratch_target that runs " + wanted + ", or install its server (initdb, pg_ctl,"
                            + " postgres) in one of " + tools.looked() + ".",
                    Map.of("wanted", Integer.toString(wanted), "carried", Integer.toString(major)));
        }
    }

    private static String version(Connection connection) throws SQLException {
        return Sql.of("SELECT pg_catalog.current_setting('server_version')").one(connection, row -> row.getString(1));
    }

    /** With the encoding and, where it exists there, the collation of the one that was copied. */
    private static void create(Connection connection, BackupManifest manifest, String database, List<String> notes)
            throws SQLException {
        drop(connection, database); // an attempt that was cut short may have left it: the name is the run's own
        Copied.Source source = manifest.copied().source();
        String made = "CREATE DATABASE " + Identifiers.quote(database) + " TEMPLATE template0 ENCODING '"
                + source.encoding().replaceAll("[^A-Za-z0-9_]", "") + "'";
        try {
            String locale = "'" + source.locale().replace("'", "''") + "'";
            Sql.of(made + " LC_COLLATE " + locale + " LC_CTYPE " + locale).execute(connection);
        } catch (SQLException e) {
            if (!"42809".equals(e.getSQLState()) && !PostgresErrors.INVALID_PARAMETER_VALUE.equals(e.getSQLState())) {
                throw e;
            }
            Sql.of(made + " LC_COLLATE 'C' LC_CTYPE 'C'").execute(connection);
            notes.add("Collation " + source.locale() + " does not exist there; C took its place.");
        }
    }

    private static void drop(Connection connection, String database) throws SQLException {
        Sql.of("DROP DATABASE IF EXISTS " + Identifiers.quote(database) + " WITH (FORCE)")
                .execute(connection);
    }

    /** Roles that the backup names and that are made up for there, without login. */
    private static void roles(Connection connection, BackupManifest manifest, List<String> notes) throws SQLException {
        Set<String> here = new HashSet<>(
                Sql.of("SELECT rolname FROM pg_catalog.pg_roles").list(connection, row -> row.getString(1)));
        Set<String> made = new TreeSet<>();
        for (String role : manifest.copied().roles()) {
            if (here.add(role)) {
                Sql.of("CREATE ROLE " + Identifiers.quote(role) + " NOLOGIN").execute(connection);
                made.add(role);
            }
        }
        if (!made.isEmpty()) {
            notes.add("Roles that were made up for there, without login: " + String.join(", ", made) + ".");
        }
    }

    private record Place(Target database, String describe, String serverVersion, List<String> notes, Runnable end)
            implements ScratchPlace {
        @Override
        public void close() {
            end.run();
        }
    }
}
