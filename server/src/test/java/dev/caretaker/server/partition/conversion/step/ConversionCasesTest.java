package dev.caretaker.server.partition.conversion.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.partition.conversion.plan.Loss;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What hangs on a table, kind by kind: it is kept, told as a loss, or refused. */
class ConversionCasesTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    private static Tried jobs(TestPostgres server, String... more) {
        Database database = server.database();
        database.execute(Stream.concat(
                        Stream.of(
                                "CREATE TABLE jobs (id int PRIMARY KEY, at timestamptz NOT NULL, what text)",
                                "INSERT INTO jobs SELECT i, now() - i * interval '1 hour', 'old'"
                                        + " FROM generate_series(1, 100) i"),
                        Arrays.stream(more))
                .toArray(String[]::new));
        return Tried.byMonth(database, "jobs");
    }

    /** Nothing to accept but the narrowed primary key, there and back. */
    private static void keeps(Tried tried, Runnable meanwhile) throws Exception {
        assertThat(tried.losses()).containsExactly(Loss.UNIQUE_NARROWED);
        assertThat(tried.refusals()).isEmpty();
        ConversionParameters parameters = tried.convert();
        meanwhile.run();
        tried.revert(parameters);
        assertThat(tried.database().value("SELECT relkind::text FROM pg_class WHERE relname = 'jobs'"))
                .isEqualTo("r");
    }

    private static void refuses(Tried tried, String... words) throws Exception {
        assertThat(tried.refusals()).anySatisfy(refusal -> assertThat(refusal).contains(words));
    }

    private static void loses(Tried tried, Loss loss, String... words) throws Exception {
        assertThat(tried.plan().obstacles())
                .filteredOn(obstacle -> obstacle.loss().filter(loss::equals).isPresent())
                .extracting(Obstacle::message)
                .anySatisfy(message -> assertThat(message).contains(words));
        assertThat(tried.refusals()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_1_unique_keys_without_the_partition_key_are_narrowed_and_what_on_conflict_meets_is_told(
            TestPostgres server) throws Exception {
        Tried tried = jobs(server);
        loses(
                tried,
                Loss.UNIQUE_NARROWED,
                "jobs_pkey gets at in addition",
                "ON CONFLICT with these columns alone fails");
        tried.convert();
        assertThatThrownBy(() ->
                        tried.database().execute("INSERT INTO jobs VALUES (1, now(), 'x') ON CONFLICT (id) DO NOTHING"))
                .hasMessageContaining("ON CONFLICT");
        tried.database().execute("INSERT INTO jobs VALUES (1, now(), 'x') ON CONFLICT DO NOTHING");
        assertThat(tried.database().number("SELECT count(*) FROM jobs WHERE id = 1"))
                .as("among old rows the old key still holds")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_2_foreign_keys_to_it_and_its_own_are_dropped_and_come_back_validated(TestPostgres server)
            throws Exception {
        Tried tried = jobs(
                server,
                "ALTER TABLE jobs ADD parent int REFERENCES jobs",
                "CREATE TABLE runs (job int CONSTRAINT of_job REFERENCES jobs ON DELETE CASCADE)",
                "CREATE TABLE parts (at date, job int CONSTRAINT part_of_job REFERENCES jobs) PARTITION BY RANGE (at)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
        loses(tried, Loss.FOREIGN_KEYS_DROPPED, "of_job of public.runs", "is dropped");
        ConversionParameters parameters = tried.convert();
        assertThat(tried.database().number("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))
                .isZero();
        tried.revert(parameters);
        assertThat(tried.database()
                        .number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
                                + " AND confrelid = 'jobs'::regclass AND conparentid = 0"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_3_outgoing_foreign_keys_hold_on_all_partitions(TestPostgres server) throws Exception {
        Tried tried = jobs(
                server,
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "ALTER TABLE jobs ADD owner int REFERENCES owners ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED");
        keeps(
                tried,
                () -> assertThatThrownBy(() -> tried.database()
                                .execute("INSERT INTO jobs VALUES (1000, now() + interval '40 days', 'x', 1)"))
                        .hasMessageContaining("jobs_owner_fkey"));
        jobsRefusesUnvalidated(server);
    }

    private static void jobsRefusesUnvalidated(TestPostgres server) throws Exception {
        refuses(
                jobs(
                        server,
                        "CREATE TABLE owners (id int PRIMARY KEY)",
                        "ALTER TABLE jobs ADD owner int",
                        "ALTER TABLE jobs ADD CONSTRAINT later FOREIGN KEY (owner) REFERENCES owners NOT VALID"),
                "later is not validated");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_4_exclusion_constraints_computed_keys_and_checks_that_are_not_inherited_are_refused(TestPostgres server)
            throws Exception {
        refuses(
                jobs(server, "ALTER TABLE jobs ADD CONSTRAINT apart EXCLUDE USING btree (id WITH =)"),
                "apart",
                "excludes");
        refuses(jobs(server, "ALTER TABLE jobs ADD CONSTRAINT own CHECK (id > 0) NO INHERIT"), "own", "NO INHERIT");
        Database database = server.database();
        database.execute("CREATE TABLE jobs (begun timestamp, at timestamp GENERATED ALWAYS AS (begun) STORED)");
        refuses(Tried.byMonth(database, "jobs"), "values of at are computed");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_5_identities_go_on_where_they_stand_whatever_their_options(TestPostgres server) throws Exception {
        Tried tried = jobs(
                server,
                "ALTER TABLE jobs ADD down int GENERATED ALWAYS AS IDENTITY"
                        + " (START -1 INCREMENT -2 MINVALUE -1000000 CACHE 7 CYCLE)",
                "INSERT INTO jobs VALUES (1000, now(), 'last')");
        long last = tried.database().number("SELECT down FROM jobs WHERE id = 1000");
        keeps(tried, () -> {
            tried.database().execute("INSERT INTO jobs VALUES (1001, now(), 'next')");
            assertThat(tried.database().number("SELECT down FROM jobs WHERE id = 1001"))
                    .isLessThan(last);
        });
        refuses(
                jobs(
                        server,
                        "ALTER TABLE jobs ADD n int GENERATED ALWAYS AS IDENTITY",
                        "CREATE TABLE copies (n int DEFAULT nextval('jobs_n_seq'))"),
                "default value for column n",
                "copies");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_6_what_would_keep_to_the_old_rows_is_refused_by_name(TestPostgres server) throws Exception {
        refuses(jobs(server, "CREATE MATERIALIZED VIEW kept AS SELECT id FROM jobs"), "Materialized view public.kept");
        refuses(
                jobs(
                        server,
                        "CREATE TABLE notes (job int)",
                        "CREATE RULE twice AS ON INSERT TO notes DO ALSO DELETE FROM jobs WHERE id < 0"),
                "A rule of public.notes");
        refuses(
                jobs(
                        server,
                        "CREATE TABLE notes (job int)",
                        "CREATE POLICY of_job ON notes USING (EXISTS (SELECT FROM jobs WHERE id = job))"),
                "policy of_job",
                "notes");
        refuses(jobs(server, "CREATE VIEW whole AS SELECT j FROM jobs j"), "whole", "row type");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_7_functions_with_the_row_type_are_told_and_rules_stay_as_they_are(TestPostgres server) throws Exception {
        loses(
                jobs(server, "CREATE FUNCTION takes(r jobs) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
                Loss.ROW_TYPE_LEFT,
                "takes",
                "fails until it is dropped and made again");
        Tried tried = jobs(
                server,
                "CREATE TABLE seen (id int)",
                "CREATE RULE note AS ON UPDATE TO jobs DO ALSO INSERT INTO seen VALUES (NEW.id)",
                "CREATE RULE off AS ON DELETE TO jobs DO INSTEAD NOTHING",
                "ALTER TABLE jobs DISABLE RULE off",
                "COMMENT ON RULE note ON jobs IS 'notes'");
        keeps(tried, () -> {
            tried.database().execute("UPDATE jobs SET what = 'seen' WHERE id = 7", "DELETE FROM jobs WHERE id = 8");
            assertThat(tried.database().number("SELECT count(*) FROM seen")).isEqualTo(1);
            assertThat(tried.database().number("SELECT count(*) FROM jobs WHERE id = 8"))
                    .isZero();
        });
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_8_row_security_holds_on_partitions_too_and_may_be_forced(TestPostgres server) throws Exception {
        Tried tried = jobs(
                server,
                "DO 'BEGIN CREATE ROLE conversion_reader; EXCEPTION WHEN duplicate_object THEN NULL; END'",
                "GRANT SELECT ON jobs TO conversion_reader",
                "ALTER TABLE jobs ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE jobs FORCE ROW LEVEL SECURITY",
                "CREATE POLICY few ON jobs AS PERMISSIVE FOR SELECT TO PUBLIC USING (id < 10)",
                "CREATE POLICY fewer ON jobs AS RESTRICTIVE TO conversion_reader USING (id < 5) WITH CHECK (false)");
        keeps(tried, () -> {
            String partition = (String) tried.database()
                    .value("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'jobs'::regclass"
                            + " AND inhrelid <> 'jobs_legacy'::regclass LIMIT 1");
            tried.database()
                    .execute(
                            "INSERT INTO jobs SELECT 3000, now() + interval '40 days'",
                            "CREATE TABLE answers AS SELECT 0 AS seen, 0 AS direct",
                            "GRANT UPDATE, SELECT ON answers TO conversion_reader");
            tried.database()
                    .execute("SET ROLE conversion_reader; UPDATE answers SET seen = (SELECT count(*) FROM jobs),"
                            + " direct = (SELECT count(*) FROM " + partition + "); RESET ROLE");
            assertThat(tried.database().number("SELECT seen * 100 + direct FROM answers"))
                    .isEqualTo(400);
        });
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_9_triggers_that_may_change_the_key_are_told_and_those_partitions_cannot_have_are_refused(
            TestPostgres server) throws Exception {
        loses(
                jobs(
                        server,
                        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.AT := now(); RETURN NEW; END'",
                        "CREATE TRIGGER stamps BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION stamp()"),
                Loss.KEY_CHANGED_BY_TRIGGER,
                "Trigger stamps may change at");
        refuses(
                jobs(
                        server,
                        "CREATE FUNCTION nothing_more() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                        "CREATE TRIGGER every AFTER INSERT ON jobs REFERENCING NEW TABLE AS n"
                                + " FOR EACH ROW EXECUTE FUNCTION nothing_more()"),
                "Trigger every",
                "transition tables");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_10_publications_are_told_and_what_they_select_stays_selected(TestPostgres server) throws Exception {
        loses(
                jobs(server, "CREATE PUBLICATION changes FOR TABLE jobs"),
                Loss.PUBLICATION_CHANGED,
                "changes will send changes under the names of partitions");
        loses(
                jobs(server, "CREATE PUBLICATION everything FOR ALL TABLES"),
                Loss.PUBLICATION_CHANGED,
                "everything will send changes under the names of partitions");
        if (server == TestPostgres.oldest()) {
            return; // selects neither rows nor columns
        }
        refuses(
                jobs(server, "CREATE PUBLICATION few FOR TABLE jobs WHERE (id < 10)"),
                "few selects rows or columns",
                "publish_via_partition_root");
        Tried tried = jobs(
                server,
                "CREATE PUBLICATION few FOR TABLE jobs (id, at) WHERE (id < 10)"
                        + " WITH (publish_via_partition_root = true)");
        loses(tried, Loss.PUBLICATION_CHANGED, "few sends changes under the table's name still");
        ConversionParameters parameters = tried.convert();
        String published = "SELECT tablename || attnames::text || rowfilter FROM pg_publication_tables";
        assertThat(tried.database().value(published)).isEqualTo("jobs{id,at}(id < 10)");
        tried.revert(parameters);
        assertThat(tried.database().value(published)).isEqualTo("jobs{id,at}(id < 10)");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_11_a_replica_identity_of_an_index_is_that_of_partitions_too(TestPostgres server) throws Exception {
        Tried tried = jobs(
                server,
                "CREATE UNIQUE INDEX pair ON jobs (id, at)",
                "ALTER TABLE jobs REPLICA IDENTITY USING INDEX pair");
        keeps(
                tried,
                () -> assertThat(tried.database()
                                .number("SELECT count(*) FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid"
                                        + " WHERE c.relreplident = 'i' AND x.indisreplident"
                                        + " AND (c.relname = 'jobs' OR c.relispartition)"))
                        .isEqualTo(4));
        assertThat(tried.database().number("SELECT count(*) FROM pg_class WHERE relreplident = 'i'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_12_children_parents_typed_and_unlogged_tables_are_refused(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TABLE parent (at timestamptz)",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE TYPE shape AS (at timestamptz)",
                "CREATE TABLE typed OF shape",
                "CREATE UNLOGGED TABLE unlogged (at timestamptz)",
                "CREATE VIEW seen AS SELECT at FROM parent");
        refuses(Tried.byMonth(database, "parent"), "another table inherits from it");
        refuses(Tried.byMonth(database, "child"), "inherits from another table");
        refuses(Tried.byMonth(database, "typed"), "table of a type");
        refuses(Tried.byMonth(database, "unlogged"), "unlogged");
        refuses(Tried.byMonth(database, "seen"), "not a plain table");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_13_rows_without_a_key_or_beyond_the_boundary_are_found_before_or_end_it_without_a_trace(
            TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute("CREATE TABLE jobs (at timestamptz)", "INSERT INTO jobs VALUES (now()), (NULL)");
        Tried tried = Tried.byMonth(database, "jobs");
        assertThat(tried.losses()).containsExactly(Loss.NULL_KEYS_REFUSED);
        ConversionParameters parameters = tried.parameters();
        assertThatThrownBy(() -> tried.convert(parameters)).hasMessageContaining("or have no at");
        assertThat(tried.revert(parameters)).isEqualTo("Reverted.");

        Tried far = jobs(server, "CREATE INDEX ON jobs (at)", "INSERT INTO jobs VALUES (0, 'infinity')");
        refuses(far, "The highest at is infinity");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_14_names_are_cut_where_they_would_be_too_long(TestPostgres server) throws Exception {
        Database database = server.database();
        String name = "täble_" + "x".repeat(50);
        database.execute(
                "CREATE TABLE \"" + name
                        + "\" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL)",
                "INSERT INTO \"" + name + "\" (at) VALUES (now())");
        Tried tried = new Tried(
                database,
                new TableName("public", name),
                "at",
                Tried.byMonth(database, "jobs").grid(),
                Tried.byMonth(database, "jobs").encoding(),
                "part_{yyyy}_{mm}");
        ConversionParameters parameters = tried.convert();
        assertThat(database.number("SELECT count(*) FROM \"" + name + "\"")).isEqualTo(1);
        tried.revert(parameters);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_15_prepared_statements_and_row_locks_of_sessions_go_on(TestPostgres server) throws Exception {
        Tried tried = jobs(server);
        try (var connection = tried.database().connect();
                var statement = connection.createStatement()) {
            statement.execute("PREPARE change AS UPDATE jobs SET what = $1 WHERE id = $2 RETURNING *");
            for (int i = 0; i < 7; i++) {
                statement.execute("EXECUTE change('before', 1)");
            }
            ConversionParameters parameters = tried.convert();
            statement.execute("EXECUTE change('between', 1)");
            statement.execute("BEGIN; SELECT * FROM jobs WHERE id = 1 FOR UPDATE; COMMIT");
            tried.revert(parameters);
            statement.execute("EXECUTE change('after', 1)");
            assertThat(tried.database().value("SELECT what FROM jobs WHERE id = 1"))
                    .isEqualTo("after");
        }
    }
}
