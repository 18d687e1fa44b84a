package dev.caretaker.cli.reindex;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.units.ByteSizes;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.upkeep.PaceOption;
import dev.caretaker.cli.upkeep.RunOptions;
import dev.caretaker.cli.upkeep.UpkeepOptions;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker reindex [INDEX…]}. */
@Command(
        name = "reindex",
        description = "Rebuild bloated indexes concurrently, biggest gain first, or those that are named.",
        footer = {
            "",
            "Named indexes, too, are only rebuilt if they are bloated and not within their cool-down, unless --force.",
            "Ctrl-C leaves and the run goes on.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled, 7 deadline."
        })
public final class ReindexCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "INDEX",
            arity = "0..*",
            description = "NAME, SCHEMA.NAME, or quoted as in SQL. Default: those that are bloated.")
    private List<String> indexes = List.of();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            order = 10,
            description = "All indexes of this table and its partitions. May be given several times.")
    private List<String> tables = List.of();

    @Option(
            names = "--min-bloat",
            paramLabel = "PERCENT",
            order = 11,
            description = "Smallest bloat as a share of the index. Default: 30.")
    private Double minBloat;

    @Option(
            names = "--min-size",
            paramLabel = "SIZE",
            order = 12,
            converter = ByteSizes.Converter.class,
            description = "Smallest bloat in bytes. Default: 100MB.")
    private Long minSize;

    @Option(
            names = "--max-indexes",
            paramLabel = "N",
            order = 13,
            description = "Most indexes in one run, of those not named. Default: 10.")
    private int maxIndexes;

    @Option(
            names = "--cool-down",
            paramLabel = "DURATION",
            order = 14,
            converter = Durations.Converter.class,
            description = "Leave alone what was rebuilt more recently. Default: 10d.")
    private Duration coolDown;

    @Option(names = "--force", order = 15, description = "Rebuild what is named whatever its bloat and cool-down.")
    private boolean force;

    @Mixin
    private UpkeepOptions upkeep;

    @Mixin
    private PaceOption pace;

    @Mixin
    private RunOptions run;

    public ReindexCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        RunReindexRequest.Builder request = RunReindexRequest.newBuilder()
                .setRequestId(run.requestId())
                .setActor(run.actor(session))
                .setTarget(run.target())
                .setForce(force)
                .setMaxIndexes(maxIndexes)
                .setAssumeFreeBytes(upkeep.assumeFree())
                .setPace(pace.toProto())
                .setValidateOnly(run.dryRun());
        indexes.forEach(index -> request.addIndexes(TableNames.parse(index)));
        tables.forEach(table -> request.addTables(TableNames.parse(table)));
        if (minBloat != null) {
            request.setMinBloatPercent(minBloat);
        }
        if (minSize != null) {
            request.setMinBloatBytes(minSize);
        }
        if (coolDown != null) {
            request.setCoolDown(Durations.toProto(coolDown));
        }
        upkeep.deadline().ifPresent(request::setDeadline);
        upkeep.window().ifPresent(request::setWindow);
        RunReindexRequest wanted = request.build();
        return run.run(
                session,
                RunReindexResponse::getEvent,
                (maintenance, observer) -> maintenance.runReindex(wanted, observer),
                maintenance -> maintenance.runReindex(wanted));
    }
}
