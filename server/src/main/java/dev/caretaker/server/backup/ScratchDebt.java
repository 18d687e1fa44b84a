package dev.caretaker.server.backup;

import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;

/** A scratch database on the server of a target, which must not stay there. Its name is random, so that no other can be meant. */
@Singleton
public final class ScratchDebt implements DebtKind<ScratchDebt.Details> {
    static final String NAME = "scratch-database";

    /** Which. */
    public record Details(String database) {}

    static Debt of(String database, long fencedOid) {
        return new Debt(
                NAME,
                object(database),
                object(database),
                fencedOid,
                "A backup is restored into the scratch database " + database + ", which is dropped afterwards.",
                new Details(database));
    }

    static TableName object(String database) {
        return new TableName("database", database);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Details> detailType() {
        return Details.class;
    }

    @Override
    public Settlement settle(Session session, Details debt, Duration longest) throws SQLException {
        if (!debt.database().startsWith(ScratchPlaces.PREFIX)) {
            return new StillOpen("Database " + debt.database() + " has no name of a scratch database.");
        }
        Sql.of("DROP DATABASE IF EXISTS " + Identifiers.quote(debt.database()) + " WITH (FORCE)")
                .execute(session.connection());
        return new Settled("The scratch database " + debt.database() + " is gone.");
    }
}
