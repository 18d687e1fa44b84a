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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of 15 with programs that make a setting which it does not know: since 17 they set transaction_timeout. Skipped, with a notice,
 * where no such programs are. They say here that they are of 15, else older ones on this machine would be taken.
 */
class NewerProgramsTest {
    private static final int SINCE = 17;
    private static final String SETTING = "transaction_timeout";

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        PostgresTools.Tools tools = Installed.assume(SINCE, folder.resolve("installed"));
        Path own = folder.resolve("own");
        for (Path program : List.of(tools.dump(), tools.restore())) {
            String name = program.getFileName().toString();
            Script.in(
                    own,
                    name,
                    "[ \"$1\" = --version ] && echo '" + name + " (PostgreSQL) 15.0' && exit\nexec " + program
                            + " \"$@\"");
        }
        TestPostgres postgres = TestPostgres.dumped();
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", BackupScene.of(postgres, OneOfEverything.STATEMENTS),
                        "empty", BackupScene.of(postgres),
                        "part", BackupScene.of(postgres)),
                Map.of("caretaker.backups.postgres-bin", own.toString()));
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    void a_setting_that_the_server_does_not_know_is_a_note_and_no_fault_of_the_backup() {
        String id = calls.made(
                backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP).setSessions(2));
        calls.complete(calls.verified(id));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getNotesList()).anySatisfy(note -> assertThat(note).contains(SETTING));

        calls.complete(calls.restored(restore(id)));
        assertThat(calls.faults(id)).isEmpty();

        Run part = calls.runOf(calls.restored(restore(id).setTarget("part").addTables(table("shop", "event"))));
        Database into = scene.database("part");
        assertThat(part.getError().getMessage()).doesNotContain(SETTING);
        assertThat(into.number("SELECT count(*) FROM shop.event"))
                .isEqualTo(scene.database("main").number("SELECT count(*) FROM shop.event"));
    }
}
