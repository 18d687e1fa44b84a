package dev.caretaker.server.detect;

import dev.caretaker.server.detect.SampleRows.SampleRow;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * How large the tables of a target were at earlier detections, so that growth can be told. Notes are made at most every six
 * hours; what is compared with is the oldest one of the last week.
 */
@Singleton
public class Samples {
    private static final Duration INTERVAL = Duration.ofHours(6);
    private static final Duration WINDOW = Duration.ofDays(7);

    private final SampleRows rows;

    Samples(SampleRows rows) {
        this.rows = rows;
    }

    /** The note to compare with: a JSON array of tables; an empty one if there is none. */
    String history(String target, Instant now) {
        return rows.findFirstByTargetAndTakenGreaterThanEqualsOrderByTaken(target, now.minus(WINDOW))
                .map(SampleRow::tables)
                .orElse("[]");
    }

    /** Makes a note if one is due. */
    void take(String target, Connection connection, Instant now) throws SQLException {
        if (rows.existsByTargetAndTakenAfter(target, now.minus(INTERVAL))) {
            return;
        }
        String tables = Sql.resource("detect/table_sample", now.toString()).one(connection, row -> row.getString(1));
        rows.put(new SampleRow(target, now, tables));
    }
}
