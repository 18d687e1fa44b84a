package dev.caretaker.server.vacuum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is chosen, in which order, and why. */
class VacuumsTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final VacuumOptions ANALYZE = VacuumOptions.DEFAULT.with(Verb.ANALYZE, true);

    @ParameterizedTest
    @MethodSource(BOTH)
    void tables_at_a_threshold_are_chosen_and_those_just_below_are_not(TestPostgres server) {
        Database database = server.database();
        table(database, "dead_enough", 10_000);
        table(database, "\"dead \"\"Not\"\" quite\"", 10_000);
        table(database, "few_dead", 1_000);
        table(database, "\"Changed enough\"", 10_000);
        table(database, "changed_not_quite", 10_000);
        table(database, "untouched", 10_000);
        table(database, "inserted_enough", 10_000);
        database.execute("VACUUM ANALYZE");
        awaitChanges(database, "inserted_enough", 0);
        database.execute(
                "DELETE FROM dead_enough WHERE id <= 2000",
                "DELETE FROM \"dead \"\"Not\"\" quite\" WHERE id <= 999",
                "DELETE FROM few_dead WHERE id <= 90",
                "UPDATE \"Changed enough\" SET n = 1 WHERE id <= 1000",
                "UPDATE changed_not_quite SET n = 1 WHERE id <= 999",
                "INSERT INTO inserted_enough SELECT i, 0 FROM generate_series(10001, 12500) i");
        awaitChanges(database, "inserted_enough", 2_500);

        List<VacuumRequest> chosen = vacuums(database).select(order());

        assertThat(chosen)
                .extracting(request -> request.table().name())
                .containsExactly("dead_enough", "inserted_enough", "Changed enough");
        assertThat(chosen).extracting(VacuumRequest::stepKind).containsExactly("vacuum", "vacuum", "analyze");
        assertThat(chosen.getFirst().reason()).contains("20 % dead rows (2,000)");
        assertThat(chosen.get(1).reason()).contains("20 % inserted since the last vacuum (2,500)");
        assertThat(chosen.get(2).reason()).contains("10 % changed since the last analyze (1,000)");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_near_its_freeze_age_comes_first_and_is_read_whole(TestPostgres server) {
        Database database = server.database();
        table(database, "old", 10);
        table(database, "dead", 10_000);
        database.execute("VACUUM ANALYZE");
        awaitChanges(database, "dead", 0);
        database.execute("DELETE FROM dead WHERE id <= 5000");
        awaitChanges(database, "dead", 5_000);
        VacuumThresholds thresholds = new VacuumThresholds(
                OptionalDouble.of(20),
                OptionalLong.of(1_000),
                OptionalDouble.empty(),
                OptionalDouble.of(0),
                OptionalDouble.empty());

        List<VacuumRequest> chosen = vacuums(database).select(order(thresholds));

        assertThat(chosen).hasSize(2).allMatch(request -> request.options().aggressive());
        assertThat(chosen.getFirst().reason()).contains("freeze age at");
        assertThat(vacuums(database).select(order()))
                .extracting(request -> request.options().aggressive())
                .containsExactly(false);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partitioned_table_gets_statistics_of_its_own_after_its_partitions(TestPostgres server) {
        Database database = partitioned(server);
        database.execute("VACUUM ANALYZE");
        awaitChanges(database, "p_b", 0);
        database.execute("DELETE FROM p_a WHERE id <= 3000");
        awaitChanges(database, "p_a", 3_000);

        List<VacuumRequest> chosen = vacuums(database).select(order());

        assertThat(chosen).extracting(request -> request.table().name()).containsExactly("p_a", "Parent");
        assertThat(chosen.getLast().stepKind()).isEqualTo("analyze");
        // Without ONLY, the parent's ANALYZE is its partitions', too.
        assertThat(chosen.getFirst().options().analyze()).isEqualTo(server == TestPostgres.newest());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partitioned_table_that_was_never_analyzed_is_and_then_it_is_left_alone(TestPostgres server) {
        Database database = partitioned(server);
        database.execute("VACUUM ANALYZE p_a", "VACUUM ANALYZE p_b");
        awaitChanges(database, "p_b", 0);
        assertThat(vacuums(database).select(order()))
                .singleElement()
                .satisfies(request -> assertThat(request.reason()).contains("never analyzed"));
        database.execute("ANALYZE \"Parent\"");
        assertThat(vacuums(database).select(order())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void full_statistics_take_every_table_the_most_changed_first_and_leave_out_what_was_always_empty(
            TestPostgres server) {
        Database database = partitioned(server);
        table(database, "unchanged", 1_000);
        table(database, "\"Changed\"", 1_000);
        database.execute("CREATE TABLE empty (id int)", "VACUUM ANALYZE");
        awaitChanges(database, "Changed", 0);
        database.execute("UPDATE \"Changed\" SET n = 1 WHERE id <= 5");
        awaitChanges(database, "Changed", 5);

        List<VacuumRequest> chosen = vacuums(database).select(everything(ANALYZE));

        assertThat(chosen)
                .extracting(request -> request.table().name())
                .containsExactlyElementsOf(
                        server == TestPostgres.newest()
                                ? List.of("Changed", "p_a", "p_b", "unchanged", "Parent")
                                : List.of("Changed", "unchanged", "Parent"));
        assertThat(chosen).extracting(VacuumRequest::stepKind).containsOnly("analyze");
        assertThat(chosen.getFirst().reason()).isEqualTo("all tables; 5 rows changed since the last analyze");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_named_partitioned_table_stands_for_its_partitions(TestPostgres server) {
        Database database = partitioned(server);
        List<VacuumRequest> chosen = vacuums(database).select(named(VacuumOptions.DEFAULT, "Parent"));
        assertThat(chosen).extracting(request -> request.table().name()).containsExactly("p_a", "p_b", "Parent");
        assertThat(chosen).extracting(VacuumRequest::stepKind).containsExactly("vacuum", "vacuum", "analyze");
        List<VacuumRequest> analyzed = vacuums(database).select(named(ANALYZE, "Parent"));
        assertThat(analyzed)
                .extracting(request -> request.table().name())
                .containsExactlyElementsOf(
                        server == TestPostgres.newest() ? List.of("p_a", "p_b", "Parent") : List.of("Parent"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_role_that_owns_nothing_is_refused_by_name_and_maintain_is_enough(TestPostgres server) {
        Database database = server.database();
        table(database, "theirs", 10);
        Database guest = database.role("guest");
        Vacuums vacuums = vacuums(guest);
        assertThatThrownBy(() -> vacuums.select(named(VacuumOptions.DEFAULT, "theirs")))
                .isInstanceOfSatisfying(CaretakerException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.MISSING_PRIVILEGE);
                    assertThat(e)
                            .hasMessage("The role may not vacuum public.theirs: "
                                    + (server == TestPostgres.newest()
                                            ? "it is not the owner and has no MAINTAIN."
                                            : "it is not the owner."));
                });
        if (server == TestPostgres.newest()) {
            database.execute("GRANT MAINTAIN ON theirs TO " + guest.user());
            assertThat(vacuums.select(named(VacuumOptions.DEFAULT, "theirs"))).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void options_that_the_server_lacks_are_refused_by_name(TestPostgres server) {
        Database database = server.database();
        table(database, "t", 10);
        VacuumOptions repack = VacuumOptions.DEFAULT.with(Verb.REPACK, true);
        assertThatThrownBy(() -> vacuums(database).select(named(repack, "t")))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_SERVER))
                .hasMessageContaining("REPACK (CONCURRENTLY) needs PostgreSQL 19");
        if (server == TestPostgres.oldest()) {
            VacuumOptions buffers = new VacuumOptions(
                    Verb.VACUUM,
                    true,
                    false,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.of(1_024),
                    Optional.empty(),
                    Optional.empty());
            assertThatThrownBy(() -> vacuums(database).select(named(buffers, "t")))
                    .hasMessageContaining("BUFFER_USAGE_LIMIT needs PostgreSQL 16, and this server is a 14");
        }
        assertThatThrownBy(() -> vacuums(database).select(named(VacuumOptions.DEFAULT, "absent")))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_FIELD))
                .hasMessageContaining("public.absent is not a table");
    }

    @Test
    void a_rewrite_wants_to_know_how_much_disk_there_is() {
        Database database = TestPostgres.newest().database();
        table(database, "t", 10_000);
        database.execute("ANALYZE t");
        VacuumOptions full = VacuumOptions.DEFAULT.with(Verb.FULL, true);
        assertThatThrownBy(() -> vacuums(database).select(named(full, "t")))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISK_SPACE_UNKNOWN));
        assertThatThrownBy(() -> vacuums(database).select(withFree(named(full, "t"), 1_000)))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISK_SPACE_SHORT));
        assertThat(vacuums(database).select(withFree(named(full, "t"), 1L << 40)))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.reason()).contains("gives back about", "of free disk", "ACCESS EXCLUSIVE"));
        database.execute("DELETE FROM t WHERE id > 1000");
        awaitDead(database, "t", 9_000);
        assertThat(vacuums(database)
                        .select(withFree(named(full, "t"), 1L << 40))
                        .getFirst()
                        .reason())
                .containsPattern("gives back about 3\\d\\d kB of the heap's 3\\d\\d kB");
    }

    @Test
    void a_rewrite_leaves_as_much_room_as_the_fillfactor_says_however_that_is_written() {
        Database database = TestPostgres.newest().database();
        VacuumOptions full = VacuumOptions.DEFAULT.with(Verb.FULL, true);
        List<String> reasons = new ArrayList<>();
        for (String factor : List.of("50", "' 50 '", "0x32", "'062'", "'5e1'", "'50.4'")) {
            database.execute(
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t (id int, n int) WITH (fillfactor = " + factor + ")",
                    "INSERT INTO t SELECT i, 0 FROM generate_series(1, 10000) i",
                    "ANALYZE t");
            reasons.add(vacuums(database)
                    .select(withFree(named(full, "t"), 1L << 40))
                    .getFirst()
                    .reason());
        }
        assertThat(reasons).hasSize(6).containsOnly(reasons.getFirst());
        assertThat(reasons.getFirst()).containsPattern("gives back about [\\d.]+ (bytes|kB) of the heap's 7\\d\\d kB");
    }

    private static void table(Database database, String name, int rows) {
        database.execute(
                "CREATE TABLE " + name + " (id int, n int)",
                "INSERT INTO " + name + " SELECT i, 0 FROM generate_series(1, " + rows + ") i");
    }

    private static Database partitioned(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE \"Parent\" (id int, part text) PARTITION BY LIST (part)",
                "CREATE TABLE p_a PARTITION OF \"Parent\" FOR VALUES IN ('a')",
                "CREATE TABLE p_b PARTITION OF \"Parent\" FOR VALUES IN ('b')",
                "INSERT INTO \"Parent\" SELECT i, 'a' FROM generate_series(1, 5000) i",
                "INSERT INTO \"Parent\" SELECT i, 'b' FROM generate_series(1, 5000) i");
        awaitChanges(database, "p_b", 5_000);
        return database;
    }

    /** Counters of other sessions are a little late before 15. */
    private static void awaitChanges(Database database, String table, long rows) {
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> database.number(
                                "SELECT n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = '" + table + "'")
                        == rows);
    }

    private static void awaitDead(Database database, String table, long rows) {
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() ->
                        database.number("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = '" + table + "'")
                                == rows);
    }

    private static Vacuums vacuums(Database database) {
        return new Vacuums(new Targets(List.of(TestTargets.config("shop", database))), null, Clock.systemUTC());
    }

    private static VacuumOrder order() {
        return order(VacuumThresholds.DEFAULT);
    }

    private static VacuumOrder order(VacuumThresholds thresholds) {
        return order(TableChoice.by(thresholds), VacuumOptions.DEFAULT, OptionalLong.empty());
    }

    private static VacuumOrder named(VacuumOptions options, String... names) {
        List<TableName> tables =
                Arrays.stream(names).map(name -> new TableName("public", name)).toList();
        return order(TableChoice.of(tables), options, OptionalLong.empty());
    }

    private static VacuumOrder everything(VacuumOptions options) {
        return order(TableChoice.all(), options, OptionalLong.empty());
    }

    private static VacuumOrder withFree(VacuumOrder order, long bytes) {
        return order(order.tables(), order.options(), OptionalLong.of(bytes));
    }

    private static VacuumOrder order(TableChoice tables, VacuumOptions options, OptionalLong free) {
        return new VacuumOrder(
                "shop",
                tables,
                options,
                free,
                Optional.empty(),
                RunTerms.of(new Actor("alice", true), Optional.empty()));
    }
}
