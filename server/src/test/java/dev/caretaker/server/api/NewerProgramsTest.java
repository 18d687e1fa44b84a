package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server of 15 with programs that make a setting which it does not know: since 17 they set transaction_timeout. Where no such programs
 * are, a pg_restore that is older makes it, too, and says what one of 17 says; skipped, with a notice, where there is none at all. They say
 * here that they are of 15, else older ones on this machine would be taken.
 */
class NewerProgramsTest {
    private static final int SINCE = 17;
    private static final String SETTING = "transaction_timeout";
    /** What an older one lacks: the setting among the statements that it prints, and the error of a server that does not know it. */
    private static final String AS_OF_17 = """
            case "$*" in
            *--file=-*)
                %1$s "$@" > %2$s/printed; code=$?
                sed 's/^SET lock_timeout = 0;$/&\\nSET transaction_timeout = 0;/' %2$s/printed; exit $code;;
            --dbname=*)
                mark=${PG_COLORS#locus=}; mark=${mark%%%%:*}; esc=$(printf '\\033')
                own="$esc[${mark}mpg_restore: $esc[0m"; error="$own$esc[${mark};1merror: $esc[0m"
                %1$s "$@" 2> %2$s/said; code=$?
                echo "${own}while INITIALIZING:" >&2
                echo "${error}could not execute query: ERROR:  unrecognized configuration parameter \\"transaction_timeout\\"" >&2
                echo "Command was: SET transaction_timeout = 0;" >&2
                grep -v 'errors ignored on restore: ' %2$s/said >&2
                before=$(sed -n 's/.*errors ignored on restore: //p' %2$s/said)
                echo "${own}warning: errors ignored on restore: $((${before:-0} + 1))" >&2
                exit 1;;
            esac
            exec %1$s "$@"
            """;

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        PostgresTools.Tools tools = Installed.find(SINCE, folder.resolve("installed"))
                .orElseGet(() -> Installed.assume(15, folder.resolve("installed")));
        Path own = folder.resolve("own");
        Script.in(own, "pg_dump", version("pg_dump") + "exec " + tools.dump() + " \"$@\"");
        Script.in(
                own,
                "pg_restore",
                version("pg_restore")
                        + (tools.major() < SINCE
                                ? AS_OF_17.formatted(tools.restore(), folder)
                                : "exec " + tools.restore() + " \"$@\""));
        TestPostgres postgres = TestPostgres.dumped();
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", BackupScene.of(postgres, OneOfEverything.STATEMENTS),
                        "empty-1", BackupScene.of(postgres),
                        "empty-2", BackupScene.of(postgres),
                        "part-1", BackupScene.of(postgres),
                        "part-2", BackupScene.of(postgres)),
                Map.of("caretaker.backups.postgres-bin", own.toString()));
        calls = scene.calls;
    }

    private static String version(String program) {
        return "[ \"$1\" = --version ] && echo '" + program + " (PostgreSQL) 15.0' && exit\n";
    }

    @AfterAll
    static void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, BACKUP_DUMP_FORMAT_CUSTOM", "2, BACKUP_DUMP_FORMAT_DIRECTORY"})
    void a_setting_that_the_server_does_not_know_is_a_note_and_no_fault_of_the_backup(
            int sessions, BackupDumpFormat format) {
        String id = calls.made(backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP)
                .setDumpFormat(format)
                .setSessions(sessions));
        calls.complete(calls.verified(id, "empty-" + sessions));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        isToldOnce(evidence.getNotesList());

        String whole = calls.complete(calls.restored(restore(id).setTarget("empty-" + sessions)));
        assertThat(calls.faults(id, "empty-" + sessions)).isEmpty();
        isToldOnce(calls.warnings(whole));

        String part = calls.restored(restore(id).setTarget("part-" + sessions).addTables(table("shop", "event")));
        Run run = calls.runOf(part);
        Database into = scene.database("part-" + sessions);
        assertThat(run.getError().getMessage()).doesNotContain(SETTING);
        assertThat(into.number("SELECT count(*) FROM shop.event"))
                .isEqualTo(scene.database("main").number("SELECT count(*) FROM shop.event"))
                .isPositive();
        isToldOnce(calls.warnings(part));
    }

    private static void isToldOnce(List<String> sentences) {
        assertThat(sentences)
                .filteredOn(sentence -> sentence.contains(SETTING))
                .singleElement()
                .asString()
                .contains("This server does not know the setting " + SETTING);
    }
}
