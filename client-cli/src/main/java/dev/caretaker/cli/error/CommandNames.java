package dev.caretaker.cli.error;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What who typed a command can be told to change in it.
 *
 * @param names options, as {@code --table}, and labels of arguments, as {@code TABLE}
 */
public record CommandNames(Set<String> names) {
    public CommandNames {
        names = Set.copyOf(names);
    }

    /** The names of a command, those of its parents that it inherits among them. */
    public static CommandNames of(CommandSpec command) {
        Stream<String> options = command.options().stream().flatMap(option -> Stream.of(option.names()));
        Stream<String> arguments = command.positionalParameters().stream().map(ArgSpec::paramLabel);
        return new CommandNames(Stream.concat(options, arguments).collect(Collectors.toSet()));
    }

    /** The first of these that the command has. */
    Optional<String> first(List<String> candidates) {
        return candidates.stream().filter(names::contains).findFirst();
    }
}
