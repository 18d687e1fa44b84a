package dev.caretaker.cli;

import dev.caretaker.cli.connect.Address;
import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.connect.Security;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Printer;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Durations;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** One invocation of the client: the options every command understands, and what they lead to. */
@Command(
        name = "caretaker",
        description = "Looks after PostgreSQL databases: plans and runs retention, and shows what happens.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        versionProvider = Version.class)
public final class Session implements Runnable, AutoCloseable {
    private final Environment environment;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Server to ask. Default: $CARETAKER_SERVER, else 127.0.0.1:7420.")
    private String server;

    @Option(
            names = "--tls",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "Encrypt. Default for all addresses but loopback.")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 102,
            description = "Certificates (PEM) to trust instead of the system's. Implies --tls.")
    private Path ca;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Certificate chain (PEM) to present, with --key. Implies --tls.")
    private Path cert;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Private key (PEM, PKCS 8, not encrypted) of --cert.")
    private Path key;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            scope = ScopeType.INHERIT,
            order = 105,
            description = "Bearer token. Better given as $CARETAKER_TOKEN: others can see a command line.")
    private String token;

    @Option(
            names = "--insecure",
            scope = ScopeType.INHERIT,
            order = 106,
            description = "Speak, and send a token, in the clear even beyond loopback.")
    private boolean insecure;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            order = 107,
            converter = Durations.Converter.class,
            description = "Longest wait for an answer (not for a run to end). Default: 30s; 10m for plan.")
    private Duration timeout;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            order = 108,
            defaultValue = "table",
            description =
                    "table, json, yaml, ndjson (one item or event a line), or sarif (issues only). Default: table.")
    private Format output;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            order = 109,
            description = "Say more when something goes wrong.")
    private boolean verbose;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Connection connection;
    private boolean findings;

    Session(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? 'caretaker --help' lists them");
    }

    public Environment environment() {
        return environment;
    }

    public boolean verbose() {
        return verbose;
    }

    public Format format() {
        return output;
    }

    /** The command's results are findings, which alone can be printed as SARIF. */
    public void printsFindings() {
        findings = true;
    }

    /** Prints results in the format asked for. */
    public Printer printer() {
        return new Printer(environment, output);
    }

    /** Says something beside the result, on standard error. */
    public void hint(String sentence) {
        environment.out().flush();
        environment.err().println(sentence);
    }

    /** Address of the server as given, for messages. */
    public String serverAddress() {
        return server != null
                ? server
                : environment.variable("CARETAKER_SERVER").orElse(Address.DEFAULT);
    }

    /** Options and arguments of the command that was typed, by which fields of the API are told. */
    public CommandNames names() {
        ParseResult parsed = spec.commandLine().getParseResult();
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return CommandNames.of(parsed.commandSpec());
    }

    /** The way to the server; opened on first use. */
    public Connection connection() {
        if (output == Format.SARIF && !findings) {
            throw CommandFailure.usage("-o sarif goes with 'caretaker issues' only");
        }
        if (connection == null) {
            Address address = Address.parse(serverAddress());
            String bearer = token != null
                    ? token
                    : environment.variable("CARETAKER_TOKEN").orElse("");
            if (tls && insecure) {
                throw CommandFailure.usage("--tls and --insecure contradict each other");
            }
            connection = Connection.open(address, new Security(tls, ca, cert, key, bearer, insecure));
        }
        return connection.within(timeout);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
