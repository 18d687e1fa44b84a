package dev.caretaker.cli.error;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.terminal.Environment;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one readable line on standard error, and an exit code. */
public final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final Environment environment;
    private final Session session;

    public ErrorReport(Environment environment, Session session) {
        this.environment = environment;
        this.session = session;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        line(e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, environment.errWriter())) {
            environment
                    .err()
                    .println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        return report(e, commandLine);
    }

    /** Prints the line, more of it when asked to be verbose, and says with which code to leave. */
    private int report(Throwable e, CommandLine command) {
        int exitCode;
        if (e instanceof StatusRuntimeException || e instanceof StatusException) {
            ServerError error = ServerError.of(e);
            line(error.sentence(session.serverAddress(), CommandNames.of(command.getCommandSpec())));
            if (session.verbose()) {
                error.metadata().forEach((name, value) -> environment.err().println("  " + name + ": " + value));
            }
            exitCode = ExitCode.of(error.code());
        } else if (e instanceof CommandFailure failure) {
            line(failure.getMessage());
            exitCode = failure.exitCode();
        } else {
            line("unexpected " + e + " (a fault of the client; --verbose shows where)");
            exitCode = ExitCode.FAILED;
        }
        if (session.verbose()) {
            e.printStackTrace(environment.err());
        }
        return exitCode;
    }

    private void line(String message) {
        environment.out().flush();
        environment.err().println("caretaker: " + String.valueOf(message).replaceAll("\\s*\\R\\s*", " "));
    }
}
