package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.DailyPartitions.daily;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionIndexChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-index-missing")
    @Mends("partition-index-missing")
    void an_index_that_some_partitions_lack_is_found(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "asked", "timestamptz", -2, 1);
        daily(scene, "habit", "timestamptz", -2, 1);
        daily(scene, "\"My Schema\".\"Odd\"", "timestamptz", -2, 1);
        scene.plant(
                "CREATE INDEX ON ONLY asked (body)",
                "CREATE INDEX ON asked_d0 (body)",
                "CREATE INDEX ON habit_d0 (body, ts)",
                "CREATE INDEX ON habit_d1 (body, ts)",
                "CREATE INDEX ON habit_d2 (body, ts)",
                "CREATE INDEX ON ONLY \"My Schema\".\"Odd\" (body) INCLUDE (ts)");
        scene.finds("partition-index-missing", "public.asked", "public.habit", "My Schema.Odd");
        assertThat(scene.on("public.habit", "partition-index-missing").remediation())
                .contains("CREATE INDEX CONCURRENTLY ON public.habit_d3 USING btree (body, ts);");
        scene.mend("partition-index-missing");
        scene.spares("partition-index-missing");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-index-missing")
    @Mends("partition-index-missing")
    void an_invalid_index_of_a_partitioned_table_is_found_whatever_keeps_it_so(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("loose", "computed", "late", "keyed", "\"My Schema\".\"Odd\"", "\"half built\"")) {
            daily(scene, table, "date", -1, 0);
        }
        scene.plant(
                "CREATE INDEX loose_b ON ONLY loose (body) WITH (fillfactor = 70)",
                "CREATE INDEX loose_0 ON loose_d0 (body)",
                "CREATE INDEX loose_1 ON loose_d1 (body)",
                "CREATE INDEX computed_b ON ONLY computed (lower(body)) WHERE body IS NOT NULL",
                "CREATE UNIQUE INDEX late_0 ON late_d0 (ts, body)",
                "CREATE UNIQUE INDEX late_1 ON late_d1 (ts, body)",
                // As a failed concurrent build leaves it; the parent's index stays invalid when that is mended.
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'late_1'::regclass",
                "CREATE UNIQUE INDEX late_u ON late (ts, body)",
                "REINDEX INDEX late_1",
                "ALTER TABLE ONLY keyed ADD PRIMARY KEY (ts)",
                "CREATE UNIQUE INDEX keyed_0 ON keyed_d0 (ts)",
                "CREATE INDEX \"Odd B\" ON ONLY \"My Schema\".\"Odd\" (body)",
                "CREATE INDEX \"Odd A\" ON \"My Schema\".\"Odd d0\" (body)",
                "CREATE INDEX half_b ON ONLY \"half built\" (body)",
                "CREATE INDEX half_0 ON \"half built d0\" (body)",
                "CREATE INDEX half_1 ON \"half built d1\" (body)",
                "ALTER INDEX half_b ATTACH PARTITION half_0",
                "ALTER INDEX half_b ATTACH PARTITION half_1",
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('half_b'::regclass, 'half_1'::regclass)");
        scene.finds(
                "partition-index-missing",
                "public.loose",
                "public.computed",
                "public.late",
                "public.keyed",
                "My Schema.Odd",
                "public.half built");
        assertThat(scene.on("public.loose", "partition-index-missing").remediation())
                .contains("ALTER INDEX public.loose_b ATTACH PARTITION public.loose_0;\n"
                        + "ALTER INDEX public.loose_b ATTACH PARTITION public.loose_1;");
        if (server == TestPostgres.oldest()) {
            // Its minor version never looks again whether all are valid.
            assertThat(scene.on("public.late", "partition-index-missing").remediation())
                    .isEmpty();
            scene.plant("DROP TABLE late, \"half built\"");
        }
        scene.mend("partition-index-missing");
        scene.spares("partition-index-missing");
        assertThat(scene.database().number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-index-missing")
    void an_index_that_all_or_few_partitions_have_is_spared(TestPostgres server) {
        Scene scene = Scene.on(server);
        daily(scene, "all_have", "timestamptz", -2, 1);
        daily(scene, "few_have", "timestamptz", -2, 1);
        scene.plant("CREATE INDEX ON all_have (body)", "CREATE INDEX ON few_have_d0 (body)");
        scene.spares("partition-index-missing");
    }
}
