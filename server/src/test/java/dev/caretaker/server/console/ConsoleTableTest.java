package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of a table: how it is now, whether or not it is partitioned. */
class ConsoleTableTest {
    private final ConsoleServer server = ConsoleServer.shared();
    private Browser browser;

    @BeforeEach
    void signIn() {
        browser = Browser.signedIn(server);
    }

    @Test
    void a_plain_table_tells_its_size_its_dead_rows_and_when_it_was_vacuumed_and_analyzed() {
        server.target()
                .execute(
                        "CREATE TABLE cared (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = false)",
                        "INSERT INTO cared SELECT i, repeat('x', 100) FROM generate_series(1, 2000) i",
                        "DELETE FROM cared WHERE id <= 500");
        await().untilAsserted(() -> assertThat(figures("cared")).contains("Dead rows ~500", "Rows ~1,500"));
        Document before = page("cared");

        server.target().execute("VACUUM cared");
        await().untilAsserted(() -> assertThat(figures("cared")).contains("Dead rows ~0"));
        Document after = page("cared");

        assertThat(figures("cared")).containsPattern("Size \\d.* kB").contains("Heap", "Indexes", "TOAST");
        assertThat(care(before)).isEqualTo("Last vacuum never seen never seen Last analyze never seen never seen");
        assertThat(care(after))
                .containsPattern(
                        "Last vacuum \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC never seen Last analyze never seen");
    }

    @Test
    void a_table_that_is_not_there_says_so() {
        assertThat(page("carred").select(".attention").text()).contains("has no table \"public.carred\"");
    }

    @Test
    void a_partitioned_table_leaves_it_to_its_partitions() {
        HostileScene.of(server);

        Document parted = page("parted");

        assertThat(parted.select("#care, .attention")).isEmpty();
        assertThat(parted.select("#partitions ~ table").text()).contains("Last vacuum", "never seen");
    }

    @Test
    void a_partitioned_table_without_partitions_is_no_trouble() {
        server.target().execute("CREATE TABLE bare_parent (at timestamptz NOT NULL) PARTITION BY RANGE (at)");

        assertThat(page("bare_parent").select(".attention")).isEmpty();
    }

    @Test
    void sizes_over_time_are_drawn_from_samples_of_several_days() {
        Database target = TestPostgres.newest().database();
        Database store = TestPostgres.newest().database();
        target.execute("CREATE TABLE grown (id int PRIMARY KEY, note text)");
        try (ConsoleServer own = ConsoleServer.start(target, store, 0, Map.of())) {
            store.execute("INSERT INTO caretaker.growth_sample (target, day, cause, taken, content)"
                    + " SELECT 'main', current_date - i, 'DAILY', now() - i * interval '1 day', jsonb_build_object("
                    + "'databaseBytes', 100000000, 'unseenDatabases', 0, 'policies', jsonb_build_array(), 'tables',"
                    + " jsonb_build_array(jsonb_build_object('table', jsonb_build_object('schema', 'public', 'name',"
                    + " 'grown'), 'heapBytes', (7 - i) * 1048576, 'indexBytes', 0, 'toastBytes', 0, 'rows',"
                    + " (7 - i) * 1000, 'deadRows', 0, 'inserted', 0, 'deleted', 0, 'estimated', false)))"
                    + " FROM generate_series(1, 6) i ON CONFLICT DO NOTHING");

            Document page = new Browser(own)
                    .get("/console/targets/main/table?schema=public&name=grown")
                    .html();

            assertThat(page.select("section[aria-labelledby=size] svg").attr("aria-label"))
                    .startsWith("Size of the table, from")
                    .endsWith("to 6.0 MB");
            assertThat(page.select("section[aria-labelledby=rows] svg").attr("aria-label"))
                    .startsWith("Rows of the table, from")
                    .endsWith("to 6,000");
            Document all = new Browser(own).get("/console/targets/main").html();
            assertThat(all.select("svg").eachAttr("aria-label"))
                    .anySatisfy(label -> assertThat(label).startsWith("Size of the database, from"));
            assertThat(all.text()).contains("Tables by size");
        }
    }

    private String figures(String table) {
        return page(table).select("dl.figures").text();
    }

    private static String care(Document page) {
        return page.select("#care ~ table tbody").text();
    }

    private Document page(String table) {
        return browser.get("/console/targets/main/table?schema=public&name=" + table)
                .html();
    }
}
