package dev.caretaker.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.demo.SampleData.TableCount;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class SampleDataTest {
    private static TestPostgres.Database database;
    private static List<TableCount> counts;

    @BeforeAll
    static void load() throws Exception {
        database = TestPostgres.newest().database();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(database.user());
        source.setPassword(database.password());
        SampleData data = new SampleData(source);
        data.load();
        counts = data.count();
    }

    @Test
    void every_system_has_a_schema_with_rows() {
        assertThat(counts).extracting(count -> count.table().schema()).containsAll(SampleData.SYSTEMS);
        assertThat(counts).allSatisfy(count -> assertThat(count.rows()).isPositive());
    }

    @Test
    void counts_are_those_of_the_tables() {
        assertThat(rows("milvaion", "JobOccurrences"))
                .isEqualTo(database.number("SELECT count(*) FROM milvaion.\"JobOccurrences\""));
    }

    @Test
    void workflow_events_has_partitions_for_two_past_years_and_three_future_months() {
        assertThat(count("meshhook", "workflow_events").partitions()).isEqualTo(28);
        assertThat(database.number(
                        "SELECT count(*) FROM pg_tables WHERE tablename ~ '^workflow_events_y\\d{4}m\\d\\d$'"))
                .isEqualTo(28);
    }

    @Test
    void some_occurrences_never_ended_and_some_are_held_by_a_failure() {
        assertThat(database.number("SELECT count(*) FROM milvaion.\"JobOccurrences\" WHERE \"EndTime\" IS NULL"))
                .isPositive();
        assertThat(database.number("""
                        SELECT count(*) FROM milvaion."JobOccurrences" o
                          JOIN milvaion."FailedOccurrences" f ON f."OccurrenceId" = o."Id"
                         WHERE f."ResolvedAt" IS NULL
                           AND f."FailedAt" > now() - interval '180 days' AND o."EndTime" < now() - interval '90 days'""")).isPositive();
    }

    @Test
    void invalidation_events_mix_uuids_of_version_7_and_4() {
        assertThat(database.number("SELECT count(DISTINCT uuid_extract_version(id)) FROM"
                        + " cryoprotect.cache_invalidation_events"))
                .isEqualTo(2);
    }

    private static long rows(String schema, String name) {
        return count(schema, name).rows();
    }

    private static TableCount count(String schema, String name) {
        return counts.stream()
                .filter(count -> count.table().equals(new TableName(schema, name)))
                .findFirst()
                .orElseThrow();
    }
}
