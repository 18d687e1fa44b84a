package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.RunBackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A server with targets of the versions that Debian's pg_dump can dump and one that it cannot, a disk and a bucket. Its programs are
 * those of this machine, which do as files in its folder say: pg_dump says what stands in {@code fail} and fails, once, starts a
 * program with a session of the same name if there is {@code worker}, once, writes its id to {@code pid}, and waits as long as there is {@code hold}; pg_restore waits as long as there is {@code hold-restore}, and writes its
 * id to {@code beats} again and again meanwhile, its options for sessions are in {@code options}, and what several sessions of it say is edited by sed as {@code garble} says.
 */
final class PgDumpServer implements AutoCloseable {
    /** Times that something is tried again. */
    static final int RETRIES = 5;

    private static final Duration LONG = Duration.ofSeconds(90);

    private final Path folder;
    private final Map<String, Database> databases = new HashMap<>();
    private final PostgresTools.Tools tools;
    private final FakeS3 s3;
    private final WholeServer server;

    private PgDumpServer(Path folder, PostgresTools.Tools tools) throws IOException {
        this.folder = folder;
        this.tools = tools;
        this.s3 = new FakeS3();
        Map<String, Object> more = new HashMap<>(Map.of(
                "caretaker.engine.retries", RETRIES,
                "caretaker.data-dir", folder.resolve("data").toString(),
                "caretaker.backups.postgres-bin", programs(folder).toString(),
                "caretaker.archives.spool", folder.resolve("spool").toString(),
                "caretaker.archives.destinations.disk.type", "directory",
                "caretaker.archives.destinations.disk.path",
                        Files.createDirectories(folder.resolve("disk")).toString()));
        bucket(more, Files.writeString(folder.resolve("key"), "key\n").toString());
        target(more, "main", TestPostgres.oldest());
        target(more, "empty", TestPostgres.oldest());
        target(more, "parts", TestPostgres.oldest());
        target(more, "occupied", TestPostgres.oldest());
        target(more, "newer", TestPostgres.dumped());
        target(more, "newer-empty", TestPostgres.dumped());
        target(more, "other", TestPostgres.dumped());
        target(more, "cut", TestPostgres.dumped());
        target(more, "clash", TestPostgres.dumped());
        target(more, "published", TestPostgres.dumped());
        target(more, "clash-late", TestPostgres.dumped());
        target(more, "newest", TestPostgres.newest());
        database("main").execute(OneOfEverything.STATEMENTS);
        database("newer").execute(OneOfEverything.STATEMENTS);
        this.server = WholeServer.start(database("main"), more);
    }

    static PgDumpServer start(Path folder, PostgresTools.Tools tools) throws IOException {
        return new PgDumpServer(folder, tools);
    }

    private void bucket(Map<String, Object> configuration, String key) {
        String bucket = "caretaker.archives.destinations.bucket.";
        configuration.put(bucket + "type", "s3");
        configuration.put(bucket + "bucket", "cold");
        configuration.put(bucket + "endpoint", s3.endpoint().toString());
        configuration.put(bucket + "path-style", "true");
        configuration.put(bucket + "access-key-file", key);
        configuration.put(bucket + "secret-key-file", key);
    }

    private void target(Map<String, Object> configuration, String name, TestPostgres postgres) {
        Database database = postgres.database();
        databases.put(name, database);
        configuration.put("caretaker.targets." + name + ".url", database.url());
        configuration.put("caretaker.targets." + name + ".user", database.user());
        configuration.put("caretaker.targets." + name + ".password", database.password());
        configuration.put("caretaker.targets." + name + ".free-disk-space", "10GB");
    }

    private Path programs(Path folder) throws IOException {
        Path own = folder.resolve("own");
        Script.in(own, "pg_restore", """
                [ -e %2$s/garble ] && case "$*" in *--jobs*)
                    %1$s "$@" 2> %2$s/said; code=$?
                    sed "$(cat %2$s/garble)" %2$s/said >&2; exit $code;; esac
                case "$*" in --dbname=*) echo "$PGOPTIONS" > %2$s/options; while [ -e %2$s/hold-restore ]; do echo $$ >> %2$s/beats; sleep 0.1; done;; esac
                exec %1$s "$@"
                """.formatted(tools.restore(), folder));
        Script.in(
                own, "pg_dump", """
                [ "$1" = --version ] && exec %1$s --version
                cd %2$s
                esc=$(printf '\\033')
                mark=${PG_COLORS#locus=}
                [ -e fail ] && { sed "s/^pg_dump: /$esc[${mark%%%%:*}m&$esc[0m/" fail >&2; rm fail; exit 1; }
                [ -e worker ] && { rm worker; %3$s -X -c 'SELECT pg_sleep(600)' > /dev/null 2>&1 & }
                echo $$ > pid.new; mv pid.new pid
                while [ -e hold ]; do sleep 0.1; done
                exec %1$s "$@"
                """.formatted(tools.dump(), folder, tools.dump().resolveSibling("psql")));
        return own;
    }

    /** Of target main. */
    static RunBackupRequest.Builder dump() {
        return BackupCalls.backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP);
    }

    /** Waits until there are no files of a dump that went on, and no program. */
    void leavesNothing() {
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(folder.resolve("spool/dumps")).isEmptyDirectory();
            assertThat(folder.resolve("data/children")).isEmptyDirectory();
        });
    }

    WholeServer server() {
        return server;
    }

    PostgresTools.Tools tools() {
        return tools;
    }

    /** That of a target. */
    Database database(String target) {
        return databases.get(target);
    }

    @Override
    public void close() {
        server.close();
        s3.close();
    }
}
