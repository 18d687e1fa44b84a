package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Reads and updates of single rows by their key, half of each, in the tables that are worked on. */
final class SteadyLoad extends FixedRateLoad {
    private static final long WARM_UP_NANOS = 1_000_000_000;

    private final UpkeepDatabase database;

    private SteadyLoad(UpkeepDatabase database, int rate) {
        super(rate);
        this.database = database;
    }

    /** @param rate operations a second, half of them updates */
    static SteadyLoad start(UpkeepDatabase database, int rate) {
        SteadyLoad load = new SteadyLoad(database, rate);
        load.begin();
        return load;
    }

    /** From now on it counts; before, it warms up for a second. */
    void measure() {
        LockSupport.parkNanos(WARM_UP_NANOS);
        count(true);
    }

    @Override
    Connection connect() throws SQLException {
        return database.connect();
    }

    @Override
    Client client(Connection connection) throws SQLException {
        List<PreparedStatement> reads = new ArrayList<>();
        List<PreparedStatement> updates = new ArrayList<>();
        for (String table : database.tables()) {
            reads.add(connection.prepareStatement("SELECT payload FROM " + table + " WHERE id = ?"));
            updates.add(connection.prepareStatement("UPDATE " + table + " SET n = n + 1 WHERE id = ?"));
        }
        return random -> {
            List<PreparedStatement> statements = random.nextBoolean() ? updates : reads;
            PreparedStatement statement = statements.get(random.nextInt(statements.size()));
            statement.setLong(1, 1 + random.nextLong(database.rows()));
            statement.execute();
        };
    }
}
