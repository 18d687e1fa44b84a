package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionAge;
import dev.caretaker.v1.PartitionMethod;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionState;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.TableName;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole server as it is, asked for partitions. */
class PartitionsThroughTheApiTest {
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    private static WholeServer server;

    /** Days from the day before yesterday to three days from now but one, a table without partitions, one in a schema. */
    @BeforeAll
    static void start() {
        TestPostgres.Database target = TestPostgres.newest().database();
        target.execute("CREATE TABLE events (at timestamptz NOT NULL, note text) PARTITION BY RANGE (at)");
        for (int day : new int[] {-2, -1, 0, 1, 3}) {
            target.execute("CREATE TABLE \"%s\" PARTITION OF events FOR VALUES FROM ('%s+00') TO ('%s+00')"
                    .formatted(name(day), TODAY.plusDays(day) + " 00:00:00", TODAY.plusDays(day + 1) + " 00:00:00"));
        }
        target.execute(
                "CREATE TABLE events_rest PARTITION OF events DEFAULT",
                "INSERT INTO events SELECT now() FROM generate_series(1, 5)",
                "INSERT INTO events VALUES ('2001-01-01')",
                "ANALYZE events",
                "CREATE TABLE plain (id int)",
                "CREATE SCHEMA other",
                "CREATE TABLE other.tenants (id int, name text) PARTITION BY LIST (name)",
                "CREATE TABLE other.tenants_a PARTITION OF other.tenants FOR VALUES IN ('a', NULL)");
        server = WholeServer.start(target);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_table_tells_its_runway_its_gap_and_its_partitions_in_the_order_of_their_bounds() {
        ListPartitionsResponse answer =
                list(request().setTable(table("public", "events")).setExact(true));

        PartitionedTable events = answer.getTables(0);
        assertThat(events.getMethod()).isEqualTo(PartitionMethod.PARTITION_METHOD_RANGE);
        assertThat(events.getKeyList()).containsExactly("at");
        assertThat(events.getInterval()).isEqualTo("1 day");
        assertThat(events.getNamePattern()).isEqualTo("events_{yyyy}{mm}{dd}");
        assertThat(events.getSafeUntil().getSeconds()).isEqualTo(midnight(2));
        assertThat(events.getRunway().getSeconds()).isBetween(0L, 2 * 86_400L);
        assertThat(events.getGapsList())
                .containsExactly(PartitionRange.newBuilder()
                        .setFrom(TODAY.plusDays(2) + " 00:00:00+00")
                        .setTo(TODAY.plusDays(3) + " 00:00:00+00")
                        .build());
        assertThat(events.getDefaultRows()).isEqualTo(1);
        assertThat(events.getOldest()).isEqualTo(name(-2));
        assertThat(events.getNewest()).isEqualTo(name(3));
        assertThat(names(answer)).containsExactly(name(-2), name(-1), name(0), name(1), name(3), "events_rest");

        Partition today = answer.getPartitions(2);
        assertThat(today.getParent()).isEqualTo(table("public", "events"));
        assertThat(today.getRange().getFromList()).containsExactly(TODAY + " 00:00:00+00");
        assertThat(today.getRange().getToTime().getSeconds()).isEqualTo(midnight(1));
        assertThat(today.getRows()).isEqualTo(5);
        assertThat(today.getRowsExact()).isTrue();
        assertThat(today.getSize().getTotalBytes()).isPositive();
        assertThat(today.getState()).isEqualTo(PartitionState.PARTITION_STATE_ATTACHED);
        assertThat(answer.getPartitions(5).getIsDefault()).isTrue();
    }

    @Test
    void pages_are_followed_by_their_tokens_and_a_token_is_good_for_its_own_filters_only() {
        List<String> seen = new ArrayList<>();
        ListPartitionsRequest.Builder request = request().setPageSize(2);
        String second = "";
        do {
            ListPartitionsResponse page = list(request);
            assertThat(page.getPartitionsCount()).isBetween(1, 2);
            seen.addAll(names(page));
            request.setPageToken(page.getNextPageToken());
            second = second.isEmpty() ? page.getNextPageToken() : second;
        } while (!request.getPageToken().isEmpty());
        assertThat(seen)
                .hasSize(7)
                .doesNotHaveDuplicates()
                .startsWith("tenants_a")
                .endsWith("events_rest");

        ListPartitionsRequest.Builder otherFilter =
                request().setPageToken(second).setSchema("other");
        assertThat(refused(otherFilter)).containsExactly("page_token");
        assertThat(refused(request().setPageToken("nonsense"))).containsExactly("page_token");
        byte[] forged = Base64.getUrlDecoder().decode(second);
        String noOid = new String(forged, StandardCharsets.ISO_8859_1).substring(0, 8) + "x";
        assertThat(refused(request()
                        .setPageToken(Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(noOid.getBytes(StandardCharsets.ISO_8859_1)))))
                .containsExactly("page_token");
    }

    @Test
    void filters_by_schema_and_age_leave_the_tables_in_the_answer() {
        ListPartitionsResponse other = list(request().setSchema("other"));
        assertThat(names(other)).containsExactly("tenants_a");
        assertThat(other.getPartitions(0).getList().getValuesList()).containsExactly("a", "NULL");
        assertThat(other.getTables(0).hasSafeUntil()).isFalse();

        ListPartitionsResponse future = list(request()
                .setTable(table("public", "events"))
                .addAges(PartitionAge.PARTITION_AGE_FUTURE)
                .addAges(PartitionAge.PARTITION_AGE_CURRENT));
        assertThat(names(future)).containsExactly(name(0), name(1), name(3));
        assertThat(list(request().setSchema("other").addAges(PartitionAge.PARTITION_AGE_PAST))
                        .getTablesList())
                .hasSize(1);
    }

    @Test
    void wrong_fields_are_named_all_at_once() {
        assertThat(refused(ListPartitionsRequest.newBuilder()
                        .setTable(TableName.newBuilder().setSchema("public"))
                        .setSchema("other")
                        .addAges(PartitionAge.PARTITION_AGE_UNSPECIFIED)
                        .setCountTimeout(Duration.newBuilder().setSeconds(5))
                        .setPageSize(-1)))
                .containsExactlyInAnyOrder("target", "table.name", "schema", "ages", "count_timeout", "page_size");
        assertThat(refused(request()
                        .setExact(true)
                        .setCountTimeout(Duration.newBuilder().setSeconds(7_200))))
                .containsExactly("count_timeout");
    }

    @Test
    void what_is_not_partitioned_and_who_is_not_known_are_refused_by_name() {
        ErrorDetails plain = ErrorDetails.of(() -> list(request().setTable(table("public", "plain"))));
        assertThat(plain.reason()).isEqualTo("UNSUPPORTED_RELATION");
        assertThat(plain.thrown()).hasMessageContaining("public.plain");
        assertThat(ErrorDetails.of(() -> list(request().setTarget("nobody"))).reason())
                .isEqualTo("TARGET_NOT_FOUND");
    }

    private static List<String> refused(ListPartitionsRequest.Builder request) {
        ErrorDetails details = ErrorDetails.of(() -> list(request));
        assertThat(details.code()).isEqualTo("INVALID_ARGUMENT");
        return details.fields();
    }

    private static ListPartitionsResponse list(ListPartitionsRequest.Builder request) {
        var maintenance = server.maintenance();
        return maintenance.listPartitions(request.build());
    }

    private static ListPartitionsRequest.Builder request() {
        return ListPartitionsRequest.newBuilder().setTarget("main");
    }

    private static List<String> names(ListPartitionsResponse answer) {
        return answer.getPartitionsList().stream()
                .map(partition -> partition.getName().getName())
                .toList();
    }

    private static TableName table(String schema, String name) {
        return TableName.newBuilder().setSchema(schema).setName(name).build();
    }

    private static String name(int day) {
        return "events_" + TODAY.plusDays(day).toString().replace("-", "");
    }

    private static long midnight(int day) {
        return TODAY.plusDays(day).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    }
}
