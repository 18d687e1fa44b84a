package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexSegmentTest {
    @Test
    void a_list_has_one_limit_however_many_ranges_it_is_gathered_from() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE t (kind integer, at timestamptz)",
                "INSERT INTO t SELECT n % 3, '2020-01-01' FROM generate_series(1, 30) n");
        Constant zero = new Constant(Constant.Kind.INT64, "0");
        Constant one = new Constant(Constant.Kind.INT64, "1");
        Constant two = new Constant(Constant.Kind.INT64, "2");
        Eligibility eligible = new Removal(database)
                .filter(new Filter.In("kind", List.of(zero, one, two)), Map.of("kind", "integer"))
                .parameters()
                .eligible();
        IndexSegment segment = new IndexSegment(
                eligible, List.of(Map.of("kind", zero), Map.of("kind", one), Map.of("kind", two)), false);

        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            assertThat(EligibleRows.addresses(session, segment.all(12))).hasSize(12);
            assertThat(EligibleRows.addresses(session, segment.all(100))).hasSize(30);
        }
    }
}
