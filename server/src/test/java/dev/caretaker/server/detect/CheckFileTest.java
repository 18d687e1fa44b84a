package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckFileTest {
    private static final String HEADER = """
            -- id: my-check
            -- title: My check
            -- category: mine
            -- severity: warning
            -- threshold: min_rows = 10 rows — Fewest rows.
            -- threshold: share = 1.5 percent — Smallest share,
            --   told over two lines.
            -- meaning: What it means:
            --   something.
            -- remedy: Mend it.
            """;
    private static final String SELECT =
            "SELECT 'table' AS object_kind, 't' AS object_name, 'It is so.' AS message, :min_rows + :share AS impact";

    private static Check check(String sql) {
        return CheckFile.parse(HEADER + sql, true);
    }

    @Test
    void a_header_says_it_all() {
        Check check = check(SELECT);
        assertThat(check.id()).isEqualTo("my-check");
        assertThat(check.meaning()).isEqualTo("What it means: something.");
        assertThat(check.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(check.thresholds())
                .containsExactly(
                        new Threshold("min_rows", "10", "rows", "Fewest rows."),
                        new Threshold("share", "1.5", "percent", "Smallest share, told over two lines."));
        assertThat(check.thresholds()).extracting(Threshold::number).containsExactly(10L, 1.5);
    }

    @Test
    void names_in_literals_comments_and_casts_are_no_parameters() {
        CheckSql sql = CheckSql.parse("""
                /* :no /* :nested */ */ SELECT ':no', E'\\':no', ":no", $x$ :no $x$, $$ :no ; $$, a::text, b[1 : 2], 1e5, :yes::int
                -- :no ; 'unfinished
                FROM t WHERE j ? 'k' AND x @> y AND f(p := 1);
                """);
        assertThat(sql.parameters()).containsExactly("yes");
        CheckSql.Bound bound = sql.bind(name -> 7, name -> null);
        assertThat(bound.values()).containsExactly(7);
        assertThat(bound.text())
                .contains("j ?? 'k'")
                .contains("?::int")
                .contains("E'\\':no'")
                .doesNotContain("unfinished");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE FROM t|must begin with SELECT or WITH, not \"delete\"",
                "(SELECT 1)|must begin with SELECT or WITH",
                "SELECT 1; SELECT 2|more than one statement",
                "SELECT 1; ;|more than one statement",
                "SELECT 'a|a quoted text does not end",
                "SELECT $a$ x|does not end",
                "SELECT /* 1|a comment does not end",
                "SELECT :min_rows, :share, :other|:other is not a threshold",
                "SELECT :min_rows|threshold share is not used",
                "SELECT :min_rows, :share, @table@|@table@ stands for nothing",
                "SELECT :min_rows, :share, set_config('role', 'none', true)|may not use set_config",
                "SELECT :min_rows, :share, \"query_to_xml\"('x', true, true, '')|may not use query_to_xml",
                "SELECT :min_rows, :share, U&\"\\0073et_config\"('role', 'none', true)|may not use names with Unicode escapes",
            })
    void a_statement_that_is_not_one_select_is_refused(String sql, String reason) {
        assertThatThrownBy(() -> check(sql))
                .isInstanceOf(CheckFile.Broken.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "severity: warning, severity: awful, severity \"awful\" is not known",
        "id: my-check, id: My Check, not in kebab case",
        "min_rows = 10 rows, min_rows = ten rows, \"ten\" is not a whole number of rows",
        "min_rows = 10 rows, min_rows = -1 rows, zero or more",
        "min_rows = 10 rows, min_rows: 10, is not like",
        "category: mine, categories: mine, unknown key \"categories\"",
        "category: mine, category: mine¶needs: luck, is neither server",
        "title: My check, title: My check¶severity: info, more than one severity",
    })
    void a_wrong_header_is_refused(String from, String to, String reason) {
        assertThatThrownBy(() -> CheckFile.parse(HEADER.replace(from, to.replace("¶", "\n-- ")) + SELECT, false))
                .isInstanceOf(CheckFile.Broken.class)
                .hasMessageContaining(reason);
    }

    @Test
    void checks_are_found_inside_of_a_jar_too(@TempDir Path folder) throws IOException {
        Path jar = folder.resolve("a jar.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("checks/"));
            out.putNextEntry(new JarEntry("checks/my-check.sql"));
            out.write((HEADER + SELECT).getBytes(StandardCharsets.UTF_8));
        }
        URL checks = URI.create("jar:" + jar.toUri() + "!/checks").toURL();
        assertThat(CheckFolder.builtIn(checks)).extracting(Check::id).containsExactly("my-check");
        assertThat(CheckFolder.builtIn(checks)).as("once more").hasSize(1);
    }

    @Test
    void versions_are_compared_number_by_number() {
        assertThat(Version.of("1.10")).isGreaterThan(Version.of("1.9"));
        assertThat(Version.of("1.8")).isEqualByComparingTo(Version.of("1.8.0"));
        assertThat(Version.of("1.4dev")).isEqualByComparingTo(Version.of("1.4"));
    }

    @Test
    void an_extension_that_is_too_old_is_told() {
        Database database = TestPostgres.newest().database();
        database.execute("CREATE EXTENSION pg_stat_statements VERSION '1.7'");
        Scene scene = Scene.on(TestPostgres.newest(), "CREATE EXTENSION pg_stat_statements VERSION '1.7'");
        Check check = CheckFile.parse(
                HEADER.replace("-- meaning", "-- needs: extension pg_stat_statements >= 1.8\n-- meaning") + SELECT,
                false);
        CheckResult result = scene.run(check);
        assertThat(result.status()).isEqualTo(CheckResult.Status.SKIPPED);
        assertThat(result.reason()).contains("needs version 1.8").contains("installed is 1.7");
    }

    @Test
    void a_check_of_an_operator_runs_only_as_the_role_that_was_named_for_it() {
        Scene scene = Scene.on(TestPostgres.newest(), "CREATE TABLE secret (id int)");
        String role = scene.database().role("low").user();
        Check asks = check(SELECT.replace("'It is so.'", "current_user::text || '.'"));
        assertThat(scene.run(asks).reason()).contains("caretaker.checks.role");
        assertThat(scene.run(asks, Optional.of(role)).findings())
                .extracting(RawFinding::message)
                .containsExactly(role + ".");
        CheckResult denied = scene.run(check(SELECT + " FROM public.secret"), Optional.of(role));
        assertThat(denied.reason()).contains("permission denied for table secret");
        assertThat(scene.run(asks, Optional.of("no such role")).status()).isEqualTo(CheckResult.Status.FAILED);
        assertThat(scene.run(asks, Optional.of(scene.database().user())).reason())
                .contains("is a superuser");
        // The role was that of the transaction alone.
        assertThat(scene.only("server-concurrent-builds", "fixed_in=999999").object())
                .isEqualTo("PostgreSQL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH d AS (DELETE FROM public.t RETURNING id) SELECT 'table' AS object_kind, 't' AS object_name, 'x.' AS message, :min_rows + :share AS impact FROM d",
                "SELECT 'table' AS object_kind, 't' AS object_name, nextval('public.s') || '.' AS message, :min_rows + :share AS impact",
            })
    void a_check_cannot_write(String sql) {
        Scene scene = Scene.on(
                TestPostgres.newest(), "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)", "CREATE SEQUENCE s");
        CheckResult result = scene.run(CheckFile.parse(HEADER + sql, false));
        assertThat(result.status()).isEqualTo(CheckResult.Status.FAILED);
        assertThat(result.reason()).contains("read-only transaction");
        assertThat(scene.database().number("SELECT count(*) FROM t")).isEqualTo(1);
    }

    @Test
    void a_check_is_stopped_at_its_timeout() {
        Scene scene = Scene.on(TestPostgres.newest());
        Check slow = CheckFile.parse(HEADER + SELECT + " FROM pg_sleep(60)", false);
        long start = System.nanoTime();
        CheckResult result = scene.run(slow, Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(result.status()).isEqualTo(CheckResult.Status.FAILED);
        assertThat(result.reason()).isEqualTo("took longer than 300 ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 'table' AS object_kind, 't' AS object_name, :min_rows + :share AS impact|no column message",
                "SELECT 'table' AS object_kind, 't' AS object_name, 'x' AS message, :min_rows + :share AS sum|unknown column sum",
                "SELECT 'table' AS object_kind, NULL AS object_name, 'x' AS message, :min_rows + :share AS impact|a row without object_name",
                "SELECT 'table' AS object_kind, 't' AS object_name, 'x' AS message, :min_rows + :share AS impact, 'bad' AS severity|a severity \"bad\"",
                "SELECT 'table' AS object_kind, 't' AS object_name, 'x' AS message, :min_rows + :share AS impact FROM nowhere|does not exist",
            })
    void a_result_that_is_not_that_of_a_check_is_told(String sql, String reason) {
        CheckResult result = Scene.on(TestPostgres.newest()).run(CheckFile.parse(HEADER + sql, false));
        assertThat(result.status()).isEqualTo(CheckResult.Status.FAILED);
        assertThat(result.reason()).contains(reason);
    }

    @Test
    void only_the_worst_of_very_many_findings_are_kept_and_all_are_known() {
        String many =
                "SELECT 'thing' AS object_kind, g::text AS object_name, 'Many.' AS message, g + :min_rows * :share * 0 AS impact,"
                        + " CASE WHEN g = 1 THEN 'critical' END AS severity FROM generate_series(1, 2000) AS g";
        CheckResult result = Scene.on(TestPostgres.newest()).run(CheckFile.parse(HEADER + many, false));
        assertThat(result.ids()).hasSize(2000);
        assertThat(result.findings()).hasSize(Harvest.LIMIT);
        assertThat(result.findings()).extracting(RawFinding::object).startsWith("1", "2000", "1999");
        assertThat(result.reason()).contains("500 worst of 2000");
    }

    @Test
    void findings_outside_of_the_target_s_schemas_are_left_out() {
        String some = "SELECT 'thing' AS object_kind, s AS schema_name, 'x' AS object_name, 'There.' AS message,"
                + " :min_rows * :share AS impact FROM unnest(ARRAY['public', 'pg_catalog', NULL]) AS s";
        assertThat(Scene.on(TestPostgres.newest())
                        .run(CheckFile.parse(HEADER + some, false))
                        .findings())
                .extracting(RawFinding::schema)
                .containsExactlyElementsOf(List.of("", "public"));
    }
}
