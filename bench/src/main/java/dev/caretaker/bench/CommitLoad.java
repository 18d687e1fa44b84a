package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Transactions of one UPDATE and one INSERT in a database of their own. */
final class CommitLoad extends FixedRateLoad {
    private static final int ACCOUNTS = 100_000;

    private final BenchDatabase database;

    private CommitLoad(BenchDatabase database, int rate) {
        super(rate);
        this.database = database;
    }

    /** Tables of the application; made once. */
    static void prepare(BenchDatabase database) {
        database.createApplication(
                "CREATE TABLE accounts (id int PRIMARY KEY, n bigint NOT NULL)",
                "INSERT INTO accounts SELECT i, 0 FROM generate_series(1, " + ACCOUNTS + ") i",
                "CREATE TABLE movements (account int, amount int, at timestamptz DEFAULT now())",
                "VACUUM ANALYZE");
    }

    /** @param rate transactions a second */
    static CommitLoad start(BenchDatabase database, int rate) {
        CommitLoad load = new CommitLoad(database, rate);
        load.begin();
        return load;
    }

    @Override
    Connection connect() throws SQLException {
        return database.connectApplication();
    }

    @Override
    Client client(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        PreparedStatement update = connection.prepareStatement("UPDATE accounts SET n = n + 1 WHERE id = ?");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO movements (account, amount) VALUES (?, 1)");
        return random -> {
            int account = 1 + random.nextInt(ACCOUNTS);
            update.setInt(1, account);
            update.execute();
            insert.setInt(1, account);
            insert.execute();
            connection.commit();
        };
    }
}
