package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.PreviewRestoreRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Table copies of a database with one of everything, on every version that Caretaker supports. */
class BackupsOfEveryVersionTest {
    /** By what they are of; each has one value, which is to be the same after a restore. */
    private static final Map<String, String> DEFINITIONS = Map.of(
            "columns",
            "SELECT string_agg(concat_ws(' ', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
                    + " a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)), E'\\n'"
                    + " ORDER BY a.attrelid::regclass::text, a.attname)"
                    + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                    + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
                    + " WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0"
                    + " AND NOT a.attisdropped",
            "constraints",
            "SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated), E'\\n'"
                    + " ORDER BY conrelid::regclass::text, conname, contype)"
                    + " FROM pg_constraint WHERE connamespace = 'shop'::regnamespace",
            "indexes",
            "SELECT string_agg(concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisprimary), E'\\n'"
                    + " ORDER BY indexrelid::regclass::text)"
                    + " FROM pg_index JOIN pg_class ON oid = indrelid WHERE relnamespace = 'shop'::regnamespace",
            "partitions",
            "SELECT string_agg(concat_ws(' ', oid::regclass, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid)), E'\\n'"
                    + " ORDER BY oid::regclass::text)"
                    + " FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p')",
            "views",
            "SELECT string_agg(concat_ws(' ', relkind, relispopulated, pg_get_viewdef(oid)), E'\\n' ORDER BY relname)"
                    + " FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('v', 'm')",
            "functions",
            "SELECT string_agg(pg_get_functiondef(oid), E'\\n' ORDER BY proname)"
                    + " FROM pg_proc WHERE pronamespace = 'shop'::regnamespace",
            "triggers",
            "SELECT string_agg(concat_ws(' ', pg_get_triggerdef(oid), tgenabled), E'\\n' ORDER BY tgrelid::regclass::text, tgname)"
                    + " FROM pg_trigger WHERE NOT tgisinternal",
            "sequences",
            "SELECT string_agg(concat_ws(' ', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax,"
                    + " s.seqmin, s.seqcache, s.seqcycle, d.refobjid::regclass, d.refobjsubid, d.deptype), E'\\n'"
                    + " ORDER BY s.seqrelid::regclass::text) FROM pg_sequence s JOIN pg_depend d ON d.objid = s.seqrelid"
                    + " AND d.deptype IN ('a', 'i')");

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>();
        TestPostgres.all().forEach((major, postgres) -> {
            Database full = BackupScene.of(postgres, OneOfEverything.STATEMENTS);
            if (major >= 18) {
                full.execute("ALTER TABLE shop.cache ADD loud text GENERATED ALWAYS AS (upper(v)) VIRTUAL");
            }
            databases.put("full-" + major, full);
            databases.put("empty-" + major, BackupScene.of(postgres));
        });
        databases.put("main", databases.get("full-18"));
        scene = BackupScene.start(folder, databases);
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void a_database_with_one_of_everything_is_copied_proven_and_restored_and_whatever_changes_then_is_found(int major) {
        Database source = scene.database("full-" + major);
        String into = "empty-" + major;
        Database empty = scene.database(into);
        String id = calls.made(backup().setTarget("full-" + major));

        Backup made = calls.get(id);
        assertThat(made.getState()).isEqualTo(BackupState.BACKUP_STATE_STORED);
        assertThat(made.getWhole()).isTrue();
        assertThat(made.getRows()).isEqualTo(OneOfEverything.ROWS);
        assertThat(made.getNotContainedList())
                .anySatisfy(sentence -> assertThat(sentence).contains("1 large objects"));
        assertThat(made.getContentsList())
                .extracting(BackupTable::getTable)
                .contains(
                        table("shop", "event"),
                        table("shop", "event_d"),
                        table("shop", "Odd \"Orders"),
                        table("shop", "nothing"));

        calls.complete(calls.verified(id, into));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(made.getRows());
        assertThat(evidence.getNotContainedList()).isNotEmpty().containsExactlyElementsOf(made.getNotContainedList());
        assertThat(evidence.getJson()).contains("\"notContained\"", "1 large objects");
        assertThat(source.number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker_verify_%'"))
                .as("scratch databases that are left")
                .isZero();

        calls.complete(calls.restored(restore(id).setTarget(into)));
        assertThat(calls.faults(id, into)).isEmpty();
        all_is_as_it_was(source, empty);
        assertThatThrownBy(() -> calls.restored(restore(id).setTarget(into)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("a backup is restored into an empty one");
        whatever_changes_is_found(id, into, empty);
        a_flipped_byte_is_found(id, into);
    }

    private static void a_flipped_byte_is_found(String id, String into) {
        try {
            scene.damage(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(calls.runOf(calls.verified(id, into)).getError().getReason()).isEqualTo("BACKUP_DAMAGED");
        assertThat(calls.get(id).getEvidence().getFaults(0)).contains("what is stored is not what was put there");
    }

    @Test
    void what_was_copied_before_an_upgrade_is_proven_by_the_newer_server_and_refused_by_an_older_one() {
        String before = calls.made(backup().setTarget("full-14"));
        calls.complete(calls.verified(before, "empty-18"));
        BackupEvidence evidence = calls.get(before).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);

        String after = calls.made(backup().setTarget("full-18"));
        assertThatThrownBy(() -> calls.verified(after, "empty-14"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("which is older");
        String older = "The backup was taken from PostgreSQL 18; target empty-14 runs 14, which is older.";
        assertThatThrownBy(() -> calls.restored(restore(after).setTarget("empty-14")))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(older);
        assertThat(scene.server
                        .backups()
                        .previewRestore(PreviewRestoreRequest.newBuilder()
                                .setBackupId(after)
                                .setTarget("empty-14")
                                .build())
                        .getObstaclesList())
                .contains(older);
    }

    private static void all_is_as_it_was(Database source, Database restored) {
        assertThat(restored.number("SELECT count(*) FROM shop.good")).isZero();
        assertThat(restored.number("SELECT count(*) FROM shop.totals")).isEqualTo(500);
        assertThat(restored.value("SELECT has_function_privilege('public', 'shop.twice(int)', 'EXECUTE')"))
                .isEqualTo(false);
        assertThat(restored.value("SELECT obj_description('shop.customer'::regclass)"))
                .isEqualTo("who's who");
        assertThat(restored.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"))
                .isZero();
        String sum = "SELECT sum(hashtextextended(t::text, 0)::numeric) FROM shop.\"Odd \"\"Orders\" t";
        assertThat(restored.value(sum)).isEqualTo(source.value(sum));
        DEFINITIONS.forEach((what, query) ->
                assertThat(restored.value(query)).as(what).isNotNull().isEqualTo(source.value(query)));
    }

    private static void whatever_changes_is_found(String id, String into, Database empty) {
        empty.execute("UPDATE shop.customer SET name = 'name 77!' WHERE id = 77");
        assertThat(calls.faults(id, into))
                .singleElement()
                .asString()
                .startsWith("Table shop.customer has other values");
        empty.execute("UPDATE shop.customer SET name = 'name 77' WHERE id = 77");

        empty.execute("SELECT setval('shop.customer_id_seq', 499)");
        assertThat(calls.faults(id, into))
                .singleElement()
                .asString()
                .isEqualTo("Sequence shop.customer_id_seq stands at 499, not at 500.");
        empty.execute("SELECT setval('shop.customer_id_seq', 500)");
        assertThat(calls.faults(id, into)).isEmpty();

        empty.execute("INSERT INTO shop.customer (name) VALUES ('new')");
        assertThat(empty.number("SELECT max(id) FROM shop.customer")).isEqualTo(501);
        empty.execute("DROP INDEX shop.event_note", "DROP TABLE shop.cache");
        assertThat(calls.faults(id, into))
                .contains(
                        "Table shop.customer has 501 rows, not 500.",
                        "Missing: index shop.event_note of shop.event.",
                        "Table shop.cache is missing.");
    }
}
