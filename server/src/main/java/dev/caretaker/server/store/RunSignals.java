package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What steers a run while it works.
 *
 * @param epoch of whoever holds the lease now
 * @param request latest request of a caller, JSON
 */
public record RunSignals(long epoch, DesiredState desired, Optional<String> request, Tuning tuning) {

    public static RunSignals of(RunRow run) {
        return new RunSignals(run.epoch(), run.desired(), run.request(), run.tuning());
    }

    static RunSignals read(ResultSet row) throws SQLException {
        return new RunSignals(
                row.getLong("epoch"),
                DesiredState.valueOf(row.getString("desired")),
                Optional.ofNullable(row.getString("request")),
                Json.read(row.getString("tuning"), Tuning.class));
    }
}
