package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.partition.conversion.plan.ConversionPlanner;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner.Planned;
import dev.caretaker.server.partition.conversion.plan.CutOver;
import dev.caretaker.server.partition.conversion.plan.Loss;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.partition.conversion.plan.Wish;
import dev.caretaker.server.partition.conversion.table.HighestKey;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTableReader;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.partition.upkeep.set.Ahead;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A table whose conversion a test tries, step by step, with nothing around it. */
record Tried(Database database, TableName table, String key, PartitionGrid grid, KeyEncoding encoding, String names) {
    private static final Progress PROGRESS = new Progress() {
        @Override
        public boolean isRequested(ConversionParameters conversion) {
            return true;
        }

        @Override
        public boolean isReady(ConversionParameters conversion) {
            return true;
        }

        @Override
        public void ready(ConversionParameters conversion, boolean ready) {}

        @Override
        public void plainAgain(ConversionParameters conversion) {}

        @Override
        public String converted(ConversionParameters conversion, StepContext context) {
            return "Converted.";
        }

        @Override
        public String reverted(ConversionParameters conversion, StepContext context) {
            return "Reverted.";
        }
    };

    /** By months of a timestamptz. */
    static Tried byMonth(Database database, TableName table, String key) {
        return new Tried(
                database,
                table,
                key,
                new CalendarGrid(CalendarUnit.MONTH, 1, ZoneOffset.UTC, Optional.empty()),
                KeyEncoding.TIMESTAMPTZ,
                "{table}_{yyyy}_{mm}");
    }

    /** The same of a table in public, with the key "at". */
    static Tried byMonth(Database database, String table) {
        return byMonth(database, new TableName("public", table), "at");
    }

    /** By thousands of an integer, "id". */
    static Tried byThousands(Database database, String table) {
        return new Tried(
                database,
                new TableName("public", table),
                "id",
                new IntegerGrid(BigInteger.valueOf(1_000), BigInteger.ZERO),
                KeyEncoding.INTEGER,
                "{table}_p{from}");
    }

    Planned plan(Loss... accepted) throws SQLException {
        return plan(Optional.empty(), accepted);
    }

    private Planned plan(Optional<BigInteger> above, Loss... accepted) throws SQLException {
        try (Session session = session()) {
            PlainTable plain =
                    PlainTableReader.read(session.connection(), table).orElseThrow();
            Instant now = Instant.now();
            return ConversionPlanner.plan(
                    plain,
                    HighestKey.read(session.connection(), plain, key),
                    new Wish(
                            set(),
                            key,
                            now,
                            now.plus(1, ChronoUnit.DAYS),
                            above,
                            Optional.empty(),
                            CutOver.AT_ONCE,
                            Set.of(accepted)));
        }
    }

    /** What blocks even if all losses are accepted. */
    List<String> refusals() throws SQLException {
        return plan(Loss.values()).obstacles().stream()
                .filter(Obstacle::blocks)
                .map(Obstacle::message)
                .toList();
    }

    /** What has to be accepted. */
    List<Loss> losses() throws SQLException {
        return plan().obstacles().stream()
                .flatMap(obstacle -> obstacle.loss().stream())
                .toList();
    }

    /** As the control store would give it back, with all losses accepted. */
    ConversionParameters parameters() throws SQLException {
        return parameters(Optional.empty());
    }

    ConversionParameters parameters(Optional<BigInteger> above) throws SQLException {
        ConversionParameters parameters = new ConversionParameters(
                UUID.randomUUID(), plan(above, Loss.values()).order());
        return Json.read(Json.write(parameters), ConversionParameters.class);
    }

    ConversionParameters convert() throws SQLException {
        ConversionParameters parameters = parameters();
        convert(parameters);
        return parameters;
    }

    void convert(ConversionParameters parameters) throws SQLException {
        try (Session session = session()) {
            Statements.run(session, conversion(parameters));
        }
    }

    /** What it says in the end. */
    String revert(ConversionParameters parameters) throws SQLException {
        try (Session session = session()) {
            return Statements.run(session, reversion(parameters)).message();
        }
    }

    Session session() {
        return TestTargets.of("test", database).openSession("caretaker/test");
    }

    static ConversionStep conversion(ConversionParameters parameters) {
        return new ConversionStep(parameters, Statements.warned(), PROGRESS);
    }

    static ReversionStep reversion(ConversionParameters parameters) {
        return new ReversionStep(parameters, Statements.warned(), PROGRESS);
    }

    private PartitionSet set() {
        return new PartitionSet(
                "tried",
                "test",
                table,
                grid,
                Optional.of(encoding),
                new Ahead(2, Duration.ofDays(15)),
                0,
                Optional.of(new NameTemplate(names)),
                PartitionSet.DefaultRule.LEAVE,
                Optional.empty(),
                false,
                false,
                "");
    }
}
