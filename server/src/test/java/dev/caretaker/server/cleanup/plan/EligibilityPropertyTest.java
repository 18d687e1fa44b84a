package dev.caretaker.server.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.plan.facts.TimeBound;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.policy.TimeColumn.Kind;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The predicate against Postgres' own reading of values in a zone, around changes of the clock. Postgres reads an hour that
 * comes twice as its second pass and one that does not come as the hour after: the latest reading there is.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EligibilityPropertyTest {
    private static final long SEED = 20260615;
    private static final List<String> ZONES = List.of(
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata", "UTC");
    /** No change of the clock is larger. */
    private static final Duration SLACK = Duration.ofHours(2);

    private final Random random = new Random(SEED);
    private Connection connection;
    private long oid;

    @BeforeAll
    void start() throws SQLException {
        TestPostgres.Database db = TestPostgres.newest().database();
        db.execute("CREATE TABLE times (tz timestamptz, ts timestamp, d date, s bigint, i int, ms bigint, us bigint, u"
                + " uuid)");
        oid = db.number("SELECT 'times'::regclass::oid::bigint");
        connection = db.connect();
        Sql.of("SET timezone = 'UTC'").update(connection);
    }

    @AfterAll
    void stop() throws SQLException {
        connection.close();
    }

    @Test
    void only_rows_that_are_older_however_they_are_read_are_eligible() throws SQLException {
        for (String name : ZONES) {
            ZoneId zone = ZoneId.of(name);
            for (int round = 0; round < 8; round++) {
                Instant around = around(zone);
                fill(around, zone);
                for (int i = 0; i < 6; i++) {
                    check(
                            around.plusSeconds(random.nextLong(-10_000, 10_000))
                                    .plusNanos(random.nextLong(1_000_000_000)),
                            zone);
                }
            }
        }
    }

    private Instant around(ZoneId zone) {
        Instant somewhere = Instant.parse("2000-01-01T00:00:00Z").plusSeconds(random.nextLong(800_000_000));
        ZoneOffsetTransition next = zone.getRules().nextTransition(somewhere);
        return next == null ? somewhere : next.getInstant();
    }

    /** A row every five minutes for six hours on both sides, and every kind of value that is no time. */
    private void fill(Instant around, ZoneId zone) throws SQLException {
        String local = LocalDateTime.ofInstant(around, zone).toString();
        Sql.of("TRUNCATE times").update(connection);
        Sql.of("""
            INSERT INTO times (tz, ts, d, s, i, ms, us, u)
            SELECT tz, CAST(? AS timestamp) + step, CAST(? AS date) + n / 12, floor(e), floor(e), floor(e * 1000), e * 1000000,
                   CAST(lpad(to_hex(CAST(floor(e * 1000) AS bigint)), 12, '0') || CASE WHEN n % 5 = 0 THEN '4' ELSE '7' END
                        || '0008000000000000000' AS uuid)
              FROM generate_series(-72, 72) AS n,
                   LATERAL (SELECT n * interval '5 minutes 0.0005 seconds' AS step) s,
                   LATERAL (SELECT CAST(? AS timestamptz) + step AS tz) z,
                   LATERAL (SELECT extract(epoch FROM tz) AS e) x
            """, local, local, around.toString()).update(connection);
        Sql.of("INSERT INTO times (tz, ts, d) VALUES ('infinity', 'infinity', 'infinity'),"
                        + " ('-infinity', '-infinity', '-infinity'), (NULL, NULL, NULL)")
                .update(connection);
    }

    private void check(Instant cutoff, ZoneId zone) throws SQLException {
        String z = "'" + zone + "'";
        check(cutoff, zone, "tz", Kind.TIMESTAMPTZ, "timestamp with time zone", "tz");
        check(cutoff, zone, "ts", Kind.TIMESTAMP, "timestamp without time zone", "ts AT TIME ZONE " + z);
        check(
                cutoff,
                zone,
                "d",
                Kind.DATE,
                "date",
                "CAST(d + 1 AS timestamp) AT TIME ZONE " + z + " - interval '1 microsecond'");
        check(cutoff, zone, "s", Kind.EPOCH_SECONDS, "bigint", "to_timestamp(s)");
        check(cutoff, zone, "i", Kind.EPOCH_SECONDS, "integer", "to_timestamp(i)");
        check(cutoff, zone, "ms", Kind.EPOCH_MILLIS, "bigint", "to_timestamp(0) + ms * interval '1 millisecond'");
        check(cutoff, zone, "us", Kind.EPOCH_MICROS, "bigint", "to_timestamp(0) + us * interval '1 microsecond'");
        // A uuid names its millisecond and may have been made at the end of it.
        check(
                cutoff,
                zone,
                "u",
                Kind.UUID_V7,
                "uuid",
                "CASE WHEN substr(CAST(u AS text), 15, 1) = '7' THEN uuid_extract_timestamp(u)"
                        + " + interval '999 microseconds' END");
    }

    /** @param reading the instant that a row means, as an expression over the columns */
    private void check(Instant cutoff, ZoneId zone, String column, Kind kind, String type, String reading)
            throws SQLException {
        boolean local = kind == Kind.TIMESTAMP || kind == Kind.DATE;
        TimeColumn time = new TimeColumn(column, kind, local ? Optional.of(zone) : Optional.empty());
        SqlFragment eligible = new Eligibility(
                        oid,
                        new TableName("public", "times"),
                        column,
                        kind,
                        type,
                        TimeBound.of(time, type, cutoff),
                        Optional.empty(),
                        Map.of(),
                        List.of(),
                        List.of())
                .predicate();
        String finite = "t." + column + " IS NOT NULL AND abs(extract(epoch FROM " + reading + ")) < 1e12";
        String older = finite + " AND " + reading + " < '" + cutoff + "'";
        String muchOlder = finite + " AND " + reading + " < '" + cutoff.minus(SLACK) + "'"
                + (kind == Kind.DATE ? " AND " + reading + " < '" + cutoff.minus(Duration.ofDays(1)) + "'" : "");
        String text = "SELECT count(*) FILTER (WHERE eligible AND NOT coalesce(older, false)),"
                + " count(*) FILTER (WHERE NOT coalesce(eligible, false) AND much_older)"
                + " FROM (SELECT " + eligible.text() + " AS eligible, " + older + " AS older, " + muchOlder
                + " AS much_older FROM times t) rows";
        Sql.of(text, eligible.parameters().toArray()).one(connection, row -> {
            String what = kind + " at " + cutoff + " in " + zone;
            assertThat(row.getLong(1)).as("younger rows eligible, " + what).isZero();
            assertThat(row.getLong(2)).as("old rows not eligible, " + what).isZero();
            return true;
        });
    }
}
