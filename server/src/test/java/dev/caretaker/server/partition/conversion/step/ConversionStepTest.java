package dev.caretaker.server.partition.conversion.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A table becomes partitioned, and again what it was. */
class ConversionStepTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String KIND =
            "SELECT relkind::text FROM pg_class WHERE oid = 'shop.\"Job Occurrences\"'::regclass";
    private static final String CHECKS = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_is_partitioned_in_place_and_again_what_it_was_to_the_last_word(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        List<String> before = UntidyTable.definition(database);
        ConversionParameters parameters = tried.parameters();
        String file = (String) database.value("SELECT pg_relation_filenode('shop.\"Job Occurrences\"')::text");

        tried.convert(parameters);

        assertThat(database.value(KIND)).isEqualTo("p");
        assertThat(database.value("SELECT pg_relation_filenode('shop.\"Job Occurrences_legacy\"')::text"))
                .as("nothing was copied")
                .isEqualTo(file);
        assertThat(database.number("SELECT count(*) FROM shop.\"Job Occurrences\""))
                .isEqualTo(2_000);
        assertThat(database.number("SELECT count(*) FROM shop.more")).isEqualTo(2_000);
        assertThat(database.number("SELECT shop.counted()")).isEqualTo(2_000);
        assertThat(database.number(CHECKS)).isZero();
        assertThat(database.number("SELECT reltuples FROM pg_class WHERE oid = 'shop.\"Job Occurrences\"'::regclass"))
                .as("it was analyzed")
                .isEqualTo(2_000);
        itWorksOn(database);
        database.execute("DELETE FROM shop.\"Job Occurrences\" WHERE code = 'newer'");

        assertThat(tried.revert(parameters)).isEqualTo("Reverted.");

        assertThat(UntidyTable.definition(database)).isEqualTo(before);
        assertThat(database.number("SELECT count(*) FROM shop.\"Job Occurrences\""))
                .isEqualTo(2_000);
        database.execute("INSERT INTO shop.\"Job Occurrences\" (owner, \"End Time\", code) VALUES (1, now(), 'last')");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_waits_for_the_table_waits_for_all_other_locks_no_longer_than_a_second(TestPostgres server)
            throws Exception {
        Tried tried = UntidyTable.on(server);
        ConversionParameters parameters = tried.parameters();
        var table = parameters.order().table();
        assertThat(table.views()).isNotEmpty();
        assertThat(table.outgoing()).isNotEmpty();
        long others = table.views().size() + table.outgoing().size();
        try (Session session = tried.session()) {
            assertThat(Statements.laterWaits(session, Tried.conversion(parameters)))
                    .hasEntrySatisfying(
                            "cut-over", each -> assertThat(each * others).isLessThanOrEqualTo(1_000));
            assertThat(Statements.laterWaits(session, Tried.reversion(parameters)))
                    .hasEntrySatisfying(
                            "revert", each -> assertThat(each * others).isLessThanOrEqualTo(1_000));
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_reads_a_view_or_a_referenced_table_holds_up_the_cut_over_and_nobody_else(TestPostgres server)
            throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        ConversionStep step = Tried.conversion(tried.parameters());
        try (Session session = tried.session();
                Connection reader = database.connect();
                Statement read = reader.createStatement()) {
            StatementStep.Run<ConversionMemory> cutOver = until("cut-over", session, step);
            read.execute("SET application_name = 'the report'");
            reader.setAutoCommit(false);
            for (String query : List.of("SELECT count(*) FROM shop.more", "SELECT count(*) FROM shop.owners")) {
                read.execute(query);
                assertThatThrownBy(() -> Statements.execute(session, step, cutOver))
                        .as(query)
                        .isInstanceOfSatisfying(CaretakerException.class, held -> {
                            assertThat(held.reason()).isEqualTo(Reason.LOCK_NOT_AVAILABLE);
                            assertThat(held).hasMessageContaining("the report");
                        });
                database.execute(
                        "SET lock_timeout = '1s'; INSERT INTO shop.\"Job Occurrences\" (owner, \"End Time\", code)"
                                + " VALUES (1, now(), 'meanwhile')");
                reader.rollback();
            }
            Statements.execute(session, step, cutOver);
        }
        assertThat(database.value(KIND)).isEqualTo("p");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_unique_constraint_stays_beside_its_wider_one_and_only_the_primary_key_gets_a_second_index(
            TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        ConversionParameters parameters = tried.parameters();
        assertThat(parameters.order().indexes())
                .extracting(index -> index.name().name())
                .containsExactlyInAnyOrder(
                        "Job Occurrences_pkey_wide", "Job Occurrences_pkey_keep", "odd_key_wide", "sn_key_wide");
        String file = "SELECT pg_relation_filenode('shop.%s')::text";
        Object before = database.value(file.formatted("sn_key"));

        tried.convert(parameters);

        assertThat(database.value(file.formatted("sn_key_legacy"))).isEqualTo(before);
        assertThatThrownBy(() -> database.execute("INSERT INTO shop.\"Job Occurrences\" (sn, owner, \"End Time\", code)"
                        + " SELECT sn, 1, now(), 'again' FROM shop.\"Job Occurrences\" LIMIT 1"))
                .as("among old rows the old key still holds")
                .hasMessageContaining("sn_key_legacy");
        tried.revert(parameters);
        assertThat(database.value(file.formatted("sn_key"))).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void statistics_are_gathered_with_a_delay_unless_somebody_chose_one(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        ConversionStep step = Tried.conversion(tried.parameters());
        var analyze = new StatementStep.Statement("analyze", "", StatementStep.LockWait.TIMEOUT, false);
        try (Session session = tried.session()) {
            assertThat(step.gentle(session, analyze)).isEqualTo(StatementStep.Gentle.BY_COST);
            session.connection().createStatement().execute("SET vacuum_cost_delay = 5");
            assertThat(step.gentle(session, analyze)).isEqualTo(StatementStep.Gentle.NOT);
        }
    }

    private static void itWorksOn(Database database) {
        long highest = database.number("SELECT max(id) FROM shop.\"Job Occurrences\"");
        database.execute(
                "INSERT INTO shop.\"Job Occurrences\" (owner, \"End Time\", code) VALUES (1, now(), 'new')",
                "UPDATE shop.\"Job Occurrences\" SET code = 'newer' WHERE code = 'new'",
                "INSERT INTO shop.recent (code) SELECT 'x' WHERE false");
        assertThat(database.number("SELECT id FROM shop.\"Job Occurrences\" WHERE code = 'newer'"))
                .as("the identity goes on where it stood")
                .isGreaterThan(highest);
        assertThat(database.number("SELECT count(*) FROM shop.seen WHERE what = 'INSERT ROW'"))
                .isEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM shop.seen WHERE what = 'UPDATE STATEMENT'"))
                .isEqualTo(1);
    }

    /** Unique keys are wider, and storage parameters are those of partitions. */
    @ParameterizedTest
    @MethodSource(BOTH)
    void the_partitioned_table_is_in_all_else_what_the_table_was_and_so_are_its_partitions(TestPostgres server)
            throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        List<String> before = UntidyTable.definition(database);

        ConversionParameters parameters = tried.convert();

        assertThat(UntidyTable.definition(database))
                .containsAll(before.stream()
                        .filter(line -> !line.startsWith("index") && !line.startsWith("toast of Job"))
                        .filter(line -> !line.contains("UNIQUE (sn)") && !line.contains("PRIMARY KEY (id)"))
                        .map(line -> line.startsWith("table Job Occurrences r")
                                ? line.replace("Occurrences r", "Occurrences p")
                                        .replaceFirst("options .* comment", "options <NULL> comment")
                                        .replace("<NULL>", "")
                                : line)
                        .map(line -> line.startsWith("column Job Occurrences.End Time")
                                ? line.replace("not null f", "not null t")
                                : line)
                        .toList());
        for (var partition : parameters.order().partitions()) {
            String oid = "'shop.\"" + partition.name() + "\"'::regclass";
            assertThat(database.value(
                            "SELECT array_to_string(c.reloptions || t.reloptions || ARRAY[c.relreplident::text,"
                                    + " c.relrowsecurity::text], ',')"
                                    + " FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid = "
                                    + oid))
                    .isEqualTo("fillfactor=80,autovacuum_vacuum_scale_factor=0.3,f,true");
            assertThat(database.value("SELECT attstattarget || ' ' || attoptions::text FROM pg_attribute"
                            + " WHERE attname = 'code' AND attrelid = " + oid))
                    .isEqualTo("500 {n_distinct=-0.5}");
            assertThat(database.number("SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = " + oid))
                    .isEqualTo(1);
            assertThat(database.number("SELECT count(*) FROM pg_index WHERE indrelid = " + oid))
                    .isEqualTo(6);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_takes_over_between_two_statements_goes_on(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        List<String> before = UntidyTable.definition(tried.database());
        ConversionParameters parameters = tried.parameters();

        assertThat(oneByOne(tried, () -> Tried.conversion(parameters))).isGreaterThanOrEqualTo(5);
        assertThat(tried.database().value(KIND)).isEqualTo("p");
        oneByOne(tried, () -> Tried.reversion(parameters));

        assertThat(UntidyTable.definition(tried.database())).isEqualTo(before);
    }

    /** Each statement on a session and by a step of its own, as after a kill. Says how many there were. */
    private static int oneByOne(Tried tried, Supplier<StatementStep<ConversionMemory>> steps) throws SQLException {
        int statements = 0;
        ConversionMemory memory = ConversionMemory.NOTHING_DONE;
        while (true) {
            try (Session session = tried.session()) {
                StatementStep<ConversionMemory> step = steps.get();
                if (!(step.next(session, memory) instanceof StatementStep.Run<ConversionMemory> run)) {
                    return statements;
                }
                memory = Statements.execute(session, step, run);
                statements++;
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_was_begun_is_taken_back_wherever_it_stopped(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        List<String> before = UntidyTable.definition(database);
        ConversionParameters parameters = tried.parameters();
        ConversionMemory memory = ConversionMemory.NOTHING_DONE;
        for (int i = 0; i < 7; i++) { // four indexes, the bound, its validation, and what is prepared
            try (Session session = tried.session()) {
                ConversionStep step = Tried.conversion(parameters);
                var run = (StatementStep.Run<ConversionMemory>) step.next(session, memory);
                Statements.execute(session, step, run);
                memory = run.memory();
            }
        }
        try (Session session = tried.session()) {
            assertThat(Tried.conversion(parameters).guarded(memory)).isTrue();
            Tried.conversion(parameters).repair(session, memory);
            assertThat(database.number(CHECKS)).as("no row is refused any more").isZero();
            Statements.run(session, Tried.reversion(parameters));
        }
        assertThat(UntidyTable.definition(database)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void the_way_back_drops_neither_what_is_not_its_own_nor_rows_that_somebody_put_there(TestPostgres server)
            throws Exception {
        Database database = server.database();
        database.execute("CREATE TABLE jobs (at timestamptz NOT NULL)", "CREATE TABLE jobs__caretaker (id int)");
        Tried tried = Tried.byMonth(database, "jobs");
        tried.revert(tried.parameters());
        assertThat(database.value("SELECT to_regclass('jobs__caretaker')::text"))
                .as("a table of somebody else's that has the name")
                .isEqualTo("jobs__caretaker");

        database.execute("DROP TABLE jobs__caretaker");
        ConversionParameters parameters = tried.parameters();
        ConversionOrder order = parameters.order();
        order.parent().forEach(database::execute);
        database.execute("INSERT INTO jobs__caretaker VALUES ('" + order.boundary() + "')");
        assertThatThrownBy(() -> tried.revert(parameters)).hasMessageContaining("rows lie in public.jobs__caretaker");
        database.execute("DELETE FROM jobs__caretaker");
        assertThat(tried.revert(parameters)).isEqualTo("Reverted.");
        assertThat(database.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'jobs%'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_few_rows_at_the_boundary_are_brought_along_on_the_way_back(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        List<String> before = UntidyTable.definition(database);
        ConversionParameters parameters = tried.convert();
        database.execute(
                "INSERT INTO shop.\"Job Occurrences\" (owner, \"End Time\", code, amount) SELECT 2, '"
                        + parameters.order().boundary() + "'::timestamptz + i * interval '1 day', 'late', 4"
                        + " FROM generate_series(0, 40, 20) i",
                "TRUNCATE shop.seen");

        assertThat(tried.revert(parameters))
                .isEqualTo("Reverted. It has 3 rows from above the boundary that came since.");

        assertThat(database.number("SELECT count(*) FROM shop.\"Job Occurrences\" WHERE code = 'late' AND twice = 8"))
                .isEqualTo(3);
        assertThat(database.number("SELECT count(*) FROM shop.seen"))
                .as("triggers take no notice")
                .isZero();
        assertThat(UntidyTable.definition(database)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void more_than_a_few_rows_at_the_boundary_end_the_way_back_with_their_count(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute("CREATE TABLE jobs (id int PRIMARY KEY, at timestamptz NOT NULL)");
        Tried tried = Tried.byMonth(database, "jobs");
        ConversionParameters parameters = tried.convert();
        database.execute(
                "INSERT INTO jobs SELECT i, '" + parameters.order().boundary() + "' FROM generate_series(1, 10001) i");
        assertThatThrownBy(() -> tried.revert(parameters))
                .hasMessageContaining("10,001 rows lie at or above its boundary")
                .hasMessageContaining("only 10,000 rows would be brought along");

        database.execute("DELETE FROM jobs WHERE id > 1", "INSERT INTO jobs VALUES (1, now())");
        assertThatThrownBy(() -> tried.revert(parameters))
                .as("a key that is on both sides")
                .hasMessageContaining("same key on both sides of the boundary");
        assertThat(database.number("SELECT count(*) FROM jobs")).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_was_altered_since_is_left_alone(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        ConversionParameters parameters = tried.parameters();
        tried.database().execute("ALTER TABLE shop.\"Job Occurrences\" ADD added int");
        assertThatThrownBy(() -> tried.convert(parameters))
                .hasMessageContaining("was altered since the conversion was planned");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void integers_are_cut_well_above_the_highest_key_and_too_near_to_it_nothing_goes_on(TestPostgres server)
            throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TABLE orders (id bigserial PRIMARY KEY, what text)",
                "INSERT INTO orders (what) SELECT 'old' FROM generate_series(1, 2500)");
        Tried tried = Tried.byThousands(database, "orders");
        assertThat(tried.losses()).as("the key is unique as it is").isEmpty();
        ConversionParameters parameters = tried.parameters();
        ConversionOrder order = parameters.order();
        assertThat(Long.parseLong(order.boundary())).isGreaterThanOrEqualTo(4_000);
        assertThat(order.boundaryTime()).isEmpty();

        tried.convert(parameters);
        database.execute("INSERT INTO orders (what) SELECT 'new' FROM generate_series(1, 10)");
        assertThat(database.number("SELECT count(*) FROM orders_legacy")).isEqualTo(2_510);
        database.execute("INSERT INTO orders VALUES (" + order.boundary() + ", 'above')");
        assertThat(database.value("SELECT tableoid::regclass::text FROM orders WHERE what = 'above'"))
                .isEqualTo("orders_p" + order.boundary());
        assertThat(tried.revert(parameters)).contains("It has 1 row from above the boundary");

        ConversionParameters near = tried.parameters();
        database.execute("INSERT INTO orders VALUES (" + near.order().near().orElseThrow() + ", 'near')");
        assertThatThrownBy(() -> tried.convert(near)).hasMessageContaining("is too near");
        assertThat(database.number(CHECKS)).isZero();

        database.execute("CREATE TABLE bare (id bigint)");
        assertThat(Tried.byThousands(database, "bare").refusals())
                .anySatisfy(refusal -> assertThat(refusal).contains("No index leads with id"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void reading_the_table_is_broken_off_when_the_boundary_comes_near_meanwhile(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TABLE orders (id bigserial PRIMARY KEY, what text)",
                "INSERT INTO orders (what) SELECT 'old' FROM generate_series(1, 2500)");
        Tried tried = Tried.byThousands(database, "orders");
        ConversionParameters parameters = tried.parameters();
        ConversionStep step = Tried.conversion(parameters);
        try (ExecutorService elsewhere = Executors.newSingleThreadExecutor();
                Session session = tried.session();
                Session observer = tried.session();
                Connection blocker = database.connect();
                Statement lock = blocker.createStatement()) {
            StatementStep.Run<ConversionMemory> reading = until("validate", session, step);
            int pid = session.identity().pid();
            try (Statement patience = session.connection().createStatement()) {
                patience.execute("SET lock_timeout = 0");
            }
            blocker.setAutoCommit(false);
            lock.execute("LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE");
            Future<ConversionMemory> ended = elsewhere.submit(() -> Statements.execute(session, step, reading));
            await().until(() ->
                    database.number("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + pid) == 1);

            step.progress(observer, pid);
            database.execute(
                    "INSERT INTO orders VALUES (" + parameters.order().near().orElseThrow() + ", 'near')");
            assertThat(ended).as("far from the boundary it goes on").isNotDone();
            step.progress(observer, pid);

            assertThatThrownBy(() -> ended.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(CaretakerException.class, late -> {
                        assertThat(late.reason()).isEqualTo(Reason.PLAN_EXPIRED);
                        assertThat(late).hasMessageContaining("is too near");
                    });
            blocker.rollback();
            step.repair(session, reading.memory());
        }
        assertThat(database.number(CHECKS)).isZero();
    }

    /** Runs what comes before the statement of that label. */
    private static StatementStep.Run<ConversionMemory> until(String label, Session session, ConversionStep step)
            throws SQLException {
        ConversionMemory memory = step.begin(session);
        while (true) {
            StatementStep.Run<ConversionMemory> run = (StatementStep.Run<ConversionMemory>) step.next(session, memory);
            if (run.statement().label().equals(label)) {
                return run;
            }
            memory = Statements.execute(session, step, run);
        }
    }
}
