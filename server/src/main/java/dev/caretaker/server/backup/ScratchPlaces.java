package dev.caretaker.server.backup;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.source.ScratchServer;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    private record Server(long systemIdentifier, int major) {
        static Server of(Target target) {
            return target.withPrimary(connection -> Sql.resource("backup/source")
                    .one(connection, row -> new Server(row.getLong("system_identifier"), row.getInt("major"))));
        }
    }

    /**
     * Whether a scratch database may be made there.
     *
     * @param targets among which is the one that the backup was taken from, as long as it is configured
     * @throws CaretakerException UNSUPPORTED_SERVER, SCRATCH_REFUSED, DISK_SPACE_UNKNOWN, DISK_SPACE_SHORT, TARGET_UNREACHABLE
     */
    static void require(BackupManifest manifest, Target scratch, boolean allowSameServer, Targets targets) {
        Copied.Source source = manifest.copied().source();
        Server server = Server.of(scratch);
        if (server.major() < source.major()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_SERVER,
                    "The backup was taken from PostgreSQL " + source.major() + "; target " + scratch.name() + " runs "
                            + server.major() + ", which is older.");
        }
        boolean same = server.systemIdentifier() == source.systemIdentifier();
        if (!same && !isWhereSourceIsNow(server, manifest.order().target(), targets)) {
            return;
        }
        if (!allowSameServer) {
            throw CaretakerException.of(
                    Reason.SCRATCH_REFUSED,
                    "Target " + scratch.name() + " is on the server that "
                            + (same
                                    ? "the backup was taken from"
                                    : "target " + manifest.order().target() + " leads to")
                            + ";"
                            + " allow_same_server allows that, at the cost of its disk and its other work.",
                    Map.of("target", scratch.name()));
        }
        ScratchRoom.require(manifest, scratch);
    }

    /** An upgrade gives the server another identifier. A source that does not answer has nothing to lose. */
    private static boolean isWhereSourceIsNow(Server server, String source, Targets targets) {
        try {
            return Server.of(targets.get(source)).systemIdentifier() == server.systemIdentifier();
        } catch (CaretakerException e) {
            LOG.info(
                    "target {} is taken to be on another server than the scratch database: {}", source, e.getMessage());
            return false;
        }
    }

    /** A database on the server of a target. */
    ScratchPlace onTarget(BackupManifest manifest, String name, String database) {
        Target server = targets.get(name);
        List<String> notes = new ArrayList<>();
        String version = server.withSession("caretaker/verify", session -> {
            ScratchDatabase.create(session.connection(), manifest.copied().source(), database, notes);
            return version(session.connection());
        });
        Target scratch = server.inDatabase(database);
        Place place = new Place(scratch, "target " + name, version, notes, List.of(), () -> {
            scratch.closeConnections();
            server.withSession("caretaker/verify", session -> {
                ScratchDatabase.drop(session.connection(), database);
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
     * Caretaker carries. What a backup holds is run there, but not as its superuser, who has the rights of this very process: that one
     * makes the database ready, and has no session any more when the place is handed out.
     *
     * @throws CaretakerException UNSUPPORTED_SERVER if neither are of the major version of the backup
     */
    ScratchPlace embedded(BackupManifest manifest, String database) throws IOException {
        ScratchRoom.require(manifest, spool);
        ScratchServer server = ScratchServer.start(
                spool.root().resolve(FOLDER + database),
                tools.server(manifest.copied().source().major()));
        boolean made = false;
        try {
            List<String> notes = new ArrayList<>();
            List<Unmade> unmade = new ArrayList<>();
            ConfinedLogin login = new ConfinedLogin();
            String version = prepare(server, manifest, database, login, notes, unmade);
            Targets own = new Targets(List.of(TargetConfig.of("scratch", server.url(), login.credentials())));
            Target scratch = own.get("scratch").inDatabase(database);
            made = true;
            return new Place(scratch, "embedded PostgreSQL " + version, version, notes, unmade, () -> {
                try (server;
                        own) {
                    scratch.closeConnections();
                }
            });
        } finally {
            if (!made) {
                server.close();
            }
        }
    }

    /**
     * Has the superuser make all that the login cannot.
     *
     * @return version of the server
     */
    private String prepare(
            ScratchServer server,
            BackupManifest manifest,
            String database,
            ConfinedLogin login,
            List<String> notes,
            List<Unmade> unmade)
            throws IOException {
        TargetConfig superuser =
                TargetConfig.of("scratch", server.url(), Credentials.of(server.user(), server.password()));
        try (Targets own = new Targets(List.of(superuser))) {
            Target maintenance = own.get("scratch");
            String version = maintenance.withSession("caretaker/verify", session -> {
                requireMajor(manifest, session.capabilities().major());
                ScratchDatabase.create(session.connection(), manifest.copied().source(), database, notes);
                ConfinedLogin.Roles roles =
                        login.make(session.connection(), manifest.copied().roles(), database);
                roles.note().ifPresent(notes::add);
                unmade.addAll(roles.unmade());
                return version(session.connection());
            });
            Target inside = maintenance.inDatabase(database);
            try {
                inside.withSession("caretaker/verify", session -> {
                    login.admit(session.connection());
                    notes.addAll(new ConfinedExtensions(session.connection(), login)
                            .make(manifest.copied().objects()));
                    return null;
                });
            } finally {
                inside.closeConnections();
            }
            return version;
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

    private record Place(
            Target database,
            String describe,
            String serverVersion,
            List<String> notes,
            List<Unmade> unmade,
            Runnable end)
            implements ScratchPlace {
        @Override
        public void close() {
            end.run();
        }
    }
}
