package dev.caretaker.cli.vacuum;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.upkeep.PaceOption;
import dev.caretaker.cli.upkeep.RequiredBackup;
import dev.caretaker.cli.upkeep.RunOptions;
import dev.caretaker.cli.upkeep.UpkeepOptions;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker vacuum [TABLE…]}. */
@Command(
        name = "vacuum",
        description = "Vacuum and analyze what needs it, most urgent first, or the tables that are named.",
        footer = {
            "",
            "A partitioned table stands for its partitions and for its own statistics. A table that cannot be locked"
                    + " is",
            "tried once more at the end. Ctrl-C leaves and the run goes on.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled, 7 deadline."
        })
public final class VacuumCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..*",
            description = "NAME, SCHEMA.NAME, or quoted as in SQL. Default: those that reach a threshold.")
    private List<String> tables = List.of();

    @Mixin
    private ThresholdOptions thresholds;

    @Mixin
    private StatementOptions statement;

    @Option(names = "--only-if-needed", order = 15, description = "Apply the thresholds to named tables, too.")
    private boolean onlyIfNeeded;

    @Mixin
    private UpkeepOptions upkeep;

    @Mixin
    private PaceOption pace;

    @Mixin
    private RequiredBackup backup;

    @Mixin
    private RunOptions run;

    public VacuumCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        RunVacuumRequest.Builder request = RunVacuumRequest.newBuilder()
                .setRequestId(run.requestId())
                .setActor(run.actor(session))
                .setTarget(run.target())
                .setThresholds(thresholds.toProto())
                .setApplyThresholds(onlyIfNeeded)
                .setOptions(statement.toProto())
                .setAssumeFreeBytes(upkeep.assumeFree())
                .setPace(pace.toProto())
                .setValidateOnly(run.dryRun());
        tables.forEach(table -> request.addTables(TableNames.parse(table)));
        upkeep.deadline().ifPresent(request::setDeadline);
        backup.toProto().ifPresent(request::setRequireBackup);
        upkeep.window().ifPresent(request::setWindow);
        RunVacuumRequest wanted = request.build();
        return run.run(
                session,
                RunVacuumResponse::getEvent,
                (maintenance, observer) -> maintenance.runVacuum(wanted, observer),
                maintenance -> maintenance.runVacuum(wanted));
    }
}
