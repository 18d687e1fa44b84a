package dev.caretaker.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Side-by-side benchmarks. */
@Command(
        name = "caretaker bench",
        description = "Compares the engine with what a user would do by hand.",
        footer = {"", "Exits with 3 if a goal was not met, with 1 if a benchmark could not be carried out."},
        mixinStandardHelpOptions = true,
        subcommands = {
            CleanupCommand.class,
            ArchiveCommand.class,
            BackupCommand.class,
            BesideCommand.class,
            PartitionsCommand.class,
            ChecksCommand.class,
            VacuumCommand.class,
            UpkeepCommand.class,
            ConversionCommand.class,
            FleetCommand.class,
            SmallCommand.class,
            SchedulesCommand.class,
            ScrapeCommand.class,
            TelemetryCommand.class
        })
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    if (!(failure instanceof BenchException)) {
                        throw failure;
                    }
                    commandLine.getErr().println("caretaker bench: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing benchmark");
    }
}
