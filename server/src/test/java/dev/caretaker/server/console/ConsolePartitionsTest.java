package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.TableName;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partition sets, upkeep and conversions in the console, without scripts. */
class ConsolePartitionsTest {
    private final ConsoleServer server = ConsoleServer.shared();
    private final HostileScene scene = HostileScene.of(server);
    private Browser browser;

    @BeforeEach
    void signIn() {
        browser = Browser.signedIn(server);
    }

    @Test
    void upkeep_is_planned_executed_as_shown_and_what_it_retired_comes_back() {
        scene.partitioned("readings");
        String path = "/console/partitions/readings";
        Document before = browser.get(path).html();

        String planned = browser.submit(before, "/console/upkeep", Map.of("set", "readings"))
                .location();
        Document plan = browser.get(planned).html();
        String run = browser.submit(plan, planned + "/execute", Map.of()).location();
        end(run);
        Document after = browser.get(path).html();
        String again = browser.submit(after, path + "/reattach", Map.of()).location();
        end(again);

        assertThat(before.select(".timeline rect.gap"))
                .as("no partition is there for now")
                .hasSize(1);
        assertThat(before.select(".timeline rect.ahead, .timeline rect.held")).isEmpty();
        assertThat(plan.select(".planned").text()).contains("Create", "Detach", "CREATE TABLE");
        assertThat(browser.get(planned).html().select(".notice").text()).contains("It was executed");
        assertThat(after.select(".timeline rect.gap")).isEmpty();
        assertThat(after.select(".timeline rect.now, .timeline rect.ahead")).hasSizeGreaterThan(2);
        assertThat(after.select(".timeline rect.held")).hasSize(1);
        assertThat(after.select("#retired ~ table").text()).contains("Attach again");
        assertThat(browser.get(path).html().select(".timeline rect.held")).isEmpty();
        assertThat(browser.get("/console/plans/" + planned.substring(planned.lastIndexOf('/') + 1))
                        .location())
                .isEqualTo(planned);
    }

    @Test
    void a_conversion_shows_its_phases_is_started_and_tells_that_it_is_done() {
        server.target().execute("CREATE TABLE plain (id bigint, at timestamptz NOT NULL, \"<i>x</i>\" text)");
        String path = "/console/conversions/" + planned("plain");

        Document plan = browser.get(path).html();
        String run = browser.submit(plan, path + "/start", Map.of()).location();
        end(run);
        Document done = browser.get(path).html();

        assertThat(plan.select(".pill").text()).isEqualTo("planned");
        assertThat(plan.select(".planned").text()).contains("Cut-over", "The way back", "ATTACH PARTITION");
        assertThat(done.select(".pill").text()).isEqualTo("converted");
        assertThat(done.select("button").text()).contains("Take it back").doesNotContain("Start");
        assertThat(browser.get("/console/partitions")
                        .html()
                        .select("#conversions ~ table")
                        .text())
                .contains("plain", "converted");
    }

    @Test
    void a_conversion_is_planned_by_a_form_and_again_with_what_is_accepted() {
        server.target().execute("CREATE TABLE \"Narrowed \u05D0\" (id bigint PRIMARY KEY, at timestamptz NOT NULL)");
        Map<String, String> form = Map.of(
                "target", ConsoleServer.TARGET,
                "schema", "public",
                "table", "Narrowed \u05D0",
                "column", "at",
                "unit", "CALENDAR_UNIT_MONTH");

        Document list = browser.get("/console/partitions").html();
        String first = browser.submit(list, "/console/conversions", form).location();
        Document refused = browser.get(first).html();
        String second = browser.submit(refused, first + "/again", Map.of("loss", "CONVERSION_LOSS_UNIQUE_NARROWED"))
                .location();
        Document accepted = browser.get(second).html();

        assertThat(refused.select(".reasons").text()).contains("in the way");
        assertThat(refused.select("button").text()).doesNotContain("Start");
        assertThat(second).isNotEqualTo(first);
        assertThat(accepted.select(".reasons").text()).contains("accepted").doesNotContain("in the way");
        assertThat(accepted.select("button").text()).contains("Start");
        assertThat(browser.submit(list, "/console/conversions", Map.of("target", ConsoleServer.TARGET))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void rows_in_the_default_partition_stand_beside_the_line() {
        scene.partitioned("strays");
        server.target()
                .execute(
                        "CREATE TABLE strays_rest PARTITION OF strays DEFAULT",
                        "INSERT INTO strays SELECT now() + interval '30 years', 'far' FROM generate_series(1, 40)",
                        "ANALYZE strays_rest");

        await().untilAsserted(() -> assertThat(browser.get("/console/partitions/strays")
                        .html()
                        .select(".figures")
                        .text())
                .contains("In the default partition ~40 rows"));
        assertThat(browser.get("/console/partitions")
                        .html()
                        .select("main .attention")
                        .eachText())
                .contains("~40 rows in the default partition");
        assertThat(browser.get("/console/partitions/strays")
                        .html()
                        .selectFirst(".timeline svg")
                        .attr("aria-label"))
                .startsWith("Partitions of strays, with ~40 rows in the default partition: ");
    }

    private String planned(String table) {
        return ConversionServiceGrpc.newBlockingStub(server.channel())
                .planConversion(PlanConversionRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setSet(PartitionSet.newBuilder()
                                .setName(table)
                                .setTarget(ConsoleServer.TARGET)
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName(table))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_DAY))))
                        .setKeyColumn("at")
                        .build())
                .getConversion()
                .getConversionId();
    }

    private void end(String run) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> assertThat(browser.get(run).html().select(".pill").text())
                                .contains("complete"));
    }
}
