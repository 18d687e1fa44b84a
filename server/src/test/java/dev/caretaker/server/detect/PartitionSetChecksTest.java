package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.DailyPartitions.daily;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the facts of partition sets mean; that they are true is for the tests of upkeep. */
class PartitionSetChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-set-behind")
    @Spares("partition-set-behind")
    void sets_that_are_behind_are_found_and_critical_where_nothing_covers_now(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.partitionSets("[" + set("fine", "null", "null", 1) + ", " + set("behind", "null", "null", 2) + ", "
                + set("My Table", "null", "\"No partition covers now.\"", 5) + ", "
                + set("gone", "\"There is no table.\"", "null", 5) + "]");
        scene.finds("partition-set-behind", "public.behind", "public.My Table");
        assertThat(scene.on("public.My Table", "partition-set-behind").severity())
                .isEqualTo(Severity.CRITICAL);
        assertThat(scene.on("public.behind", "partition-set-behind").message()).contains("lacks 2 partitions");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-runway")
    @Spares("partition-runway")
    void a_table_whose_set_lacks_nothing_does_not_run_out_of_partitions(TestPostgres server) {
        Scene scene = Scene.on(server);
        for (String table : new String[] {"kept", "My Table", "alone"}) {
            daily(scene, "\"" + table + "\"", "timestamptz", -3, 1);
        }
        scene.partitionSets("[" + set("kept", "null", "null", 0) + ", " + set("My Table", "null", "null", 1) + "]");
        scene.finds("partition-runway", "public.My Table", "public.alone");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-set-misfit")
    @Spares("partition-set-misfit")
    void sets_for_which_nothing_can_be_done_are_found(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.partitionSets(
                "[" + set("fine", "null", "null", 0) + ", " + set("gone", "\"There is no table.\"", "null", 0) + "]");
        scene.finds("partition-set-misfit", "public.gone");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-retired-kept")
    @Spares("partition-retired-kept")
    void retired_partitions_that_should_be_gone_are_found(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.partitionSets("""
                [{"set": "events", "schema": "public", "table": "events", "retired": [
                  {"schema": "public", "partition": "due", "state": "HELD", "since": "2020-01-01T00:00:00Z",
                   "until": "2020-02-01T00:00:00Z", "bytes": 8192},
                  {"schema": "public", "partition": "Half Gone", "state": "DETACHING", "since": "2020-01-01T00:00:00Z",
                   "until": null, "bytes": 0},
                  {"schema": "public", "partition": "stays", "state": "HELD", "since": "2020-01-01T00:00:00Z",
                   "until": null, "bytes": 8192},
                  {"schema": "public", "partition": "held", "state": "HELD", "since": "2020-01-01T00:00:00Z",
                   "until": "2120-01-01T00:00:00Z", "bytes": 8192}]}]""");
        scene.finds("partition-retired-kept", "public.due", "public.Half Gone");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("conversion-half-way")
    @Spares("conversion-half-way")
    void conversions_that_were_left_half_way_are_found_while_something_of_them_is_there(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE \"Half Way\" (id int, at timestamptz)",
                "CREATE UNIQUE INDEX \"Half Way_pkey_wide\" ON \"Half Way\" (id, at)",
                "CREATE TABLE prepared_only (at timestamptz)",
                "CREATE TABLE prepared_only__caretaker (at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE taken_back (id int)",
                "CREATE TABLE taken_back__caretaker (id int)");
        scene.conversions("[" + conversion("Half Way") + ", " + conversion("prepared_only") + ", "
                + conversion("taken_back") + ", " + conversion("dropped") + "]");
        scene.finds("conversion-half-way", "public.Half Way", "public.prepared_only");
        assertThat(scene.on("public.Half Way", "conversion-half-way").message())
                .contains("Conversion 5d1c", "left half-way: Cancelled by ops.");
    }

    private static String conversion(String table) {
        return """
                {"conversion": "5d1c of %1$s", "schema": "public", "table": "%1$s", "reason": "Cancelled by ops.",
                 "prepared": "%1$s__caretaker", "indexes": ["%1$s_pkey_wide", "%1$s_pkey_keep"]}""".formatted(table);
    }

    private static String set(String table, String problem, String uncovered, int missing) {
        return """
                {"set": "a-set", "schema": "public", "table": "%s", "problem": %s, "uncovered": %s, "missing": %d,
                 "ahead": 4, "paused": false, "retired": []}""".formatted(table, problem, uncovered, missing);
    }
}
