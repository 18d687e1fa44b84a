package dev.caretaker.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somebody who looks after all tables of the clone. */
interface UpkeepContender {

    /** Name in tables and JSON. */
    String name();

    /** Does the work on all of them, and returns when it is done. */
    void work(UpkeepDatabase database, Upkeep work) throws SQLException, IOException;

    /** vacuumdb and reindexdb where they are installed, else what they would run, over JDBC. */
    static UpkeepContender plain() {
        return ClientTools.find().map(UpkeepContender.class::cast).orElseGet(PlainSql::new);
    }

    /** The statements as such, on one connection. */
    final class PlainSql implements UpkeepContender {
        @Override
        public String name() {
            return "plain SQL";
        }

        @Override
        public void work(UpkeepDatabase database, Upkeep work) throws SQLException {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                for (String subject : database.subjects(work)) {
                    statement.execute(work.statement() + " " + subject);
                }
            }
        }
    }

    /** The programs of Postgres, each started once for all tables. */
    record ClientTools(PostgresPrograms programs) implements UpkeepContender {
        static Optional<ClientTools> find() {
            return PostgresPrograms.find().map(ClientTools::new);
        }

        @Override
        public String name() {
            return "vacuumdb, reindexdb";
        }

        @Override
        public void work(UpkeepDatabase database, Upkeep work) throws SQLException, IOException {
            List<String> command = new ArrayList<>();
            String each = switch (work) {
                case VACUUM, VACUUM_ANALYZE -> {
                    command.add(programs.vacuumdb().toString());
                    if (work == Upkeep.VACUUM_ANALYZE) {
                        command.add("--analyze");
                    }
                    yield "--table=";
                }
                case REINDEX -> {
                    command.addAll(List.of(programs.reindexdb().toString(), "--concurrently"));
                    yield "--index=";
                }
            };
            command.addAll(List.of("--quiet", "--host=localhost", "--port=" + database.port()));
            command.addAll(List.of("--username=" + BenchDatabase.CARETAKER_ROLE, "--dbname=bench"));
            database.subjects(work).forEach(subject -> command.add(each + subject));
            PostgresPrograms.run(command);
        }
    }
}
