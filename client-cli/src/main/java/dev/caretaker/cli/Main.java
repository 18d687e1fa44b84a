package dev.caretaker.cli;

import dev.caretaker.cli.error.ErrorReport;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.terminal.Environment;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** The command line client: parses, runs one command, and leaves with one of the {@link dev.caretaker.cli.error.ExitCode}s. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // What goes wrong is told in a sentence; the log of gRPC would tell it again, with a stack trace.
        Logger.getLogger("").setLevel(Level.OFF);
        System.exit(run(Environment.ofProcess(), args));
    }

    /** Runs one command and returns its exit code; never throws. */
    public static int run(Environment environment, String... args) {
        Session session = new Session(environment);
        try (session) {
            CommandLine commandLine = CommandTree.build(session, args);
            ErrorReport errors = new ErrorReport(environment, session);
            commandLine.setOut(environment.outWriter());
            commandLine.setErr(environment.errWriter());
            commandLine.setParameterExceptionHandler(errors);
            commandLine.setExecutionExceptionHandler(errors);
            commandLine.setCaseInsensitiveEnumValuesAllowed(true);
            commandLine.setUsageHelpWidth(
                    Math.max(60, Math.min(environment.terminal().columns(), 120)));
            commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(
                    environment.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
            int exitCode = commandLine.execute(args);
            // Who reads only exit codes must not take half an answer for a whole one.
            Optional<String> loss = environment.loss();
            if (exitCode == ExitCode.COMPLETE && loss.isPresent()) {
                environment.err().println("caretaker: the output could not be written: " + loss.get());
                return ExitCode.FAILED;
            }
            return exitCode;
        } finally {
            environment.flush();
        }
    }
}
