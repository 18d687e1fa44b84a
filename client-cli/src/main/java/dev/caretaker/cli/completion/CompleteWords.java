package dev.caretaker.cli.completion;

import dev.caretaker.cli.Session;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caretaker complete-words N WORD…}: what may stand at place N of a command line, one a line. For shells. */
@Command(name = "complete-words", hidden = true, description = "Used by the script of 'caretaker completion'.")
public final class CompleteWords implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "N", description = "Number of the word to complete, from 1.")
    private int place;

    @Parameters(index = "1..*", paramLabel = "WORD", description = "The words after the command's name.")
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec;

    public CompleteWords(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        List<String> before = words.subList(0, Math.min(Math.max(place - 1, 0), words.size()));
        String begun = words.size() < place || place < 1 ? "" : words.get(place - 1);
        CommandLine root = spec.root().commandLine();
        Typed typed = Typed.of(root, before);
        for (String candidate : candidates(root, typed, begun, before)) {
            if (candidate.startsWith(begun)) {
                session.environment().out().println(candidate);
            }
        }
    }

    private List<String> candidates(CommandLine root, Typed typed, String begun, List<String> before) {
        if (typed.awaiting().isPresent()) {
            OptionSpec option = typed.awaiting().get();
            List<String> fixed = FixedValues.of(option);
            return fixed.isEmpty() ? known(root, Names.ofOption(option.longestName()), before) : fixed;
        }
        CommandSpec command = typed.command();
        if (begun.startsWith("-")) {
            return command.options().stream()
                    .filter(option -> !option.hidden())
                    .flatMap(option -> Stream.of(option.names()))
                    .filter(name -> name.startsWith("--") || begun.equals("-"))
                    .toList();
        }
        List<String> found = new ArrayList<>();
        if (typed.positionals() == 0) {
            command.subcommands().forEach((name, subcommand) -> {
                if (!subcommand.getCommandSpec().usageMessage().hidden()) {
                    found.add(name);
                }
            });
        }
        if (typed.takesPositional()) {
            PositionalParamSpec parameter = command.positionalParameters().get(0);
            List<String> fixed = FixedValues.of(parameter);
            found.addAll(fixed.isEmpty() ? known(root, Names.ofParameter(parameter), before) : fixed);
        }
        return found;
    }

    /** Names that the server knows; none if it cannot be asked: a shell has no place for errors. */
    private List<String> known(CommandLine root, Names names, List<String> before) {
        if (names == Names.NONE) {
            return List.of();
        }
        try {
            root.parseArgs(Typed.connecting(root, before).toArray(String[]::new));
            return names.read(session, before);
        } catch (StatusRuntimeException | CommandLine.ParameterException e) {
            return List.of();
        }
    }
}
