package dev.caretaker.cli;

import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.testing.Cli;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** All commands of the client, as they are built for its help. */
public final class AllCommands {
    private AllCommands() {}

    /** By their paths, such as "runs watch"; those that only hold others among them. */
    public static Map<String, CommandSpec> byPath() {
        Map<String, CommandSpec> all = new TreeMap<>();
        CommandTree.build(new Session(new Cli().environment()))
                .getSubcommands()
                .forEach((name, command) -> add(name, command, all));
        return all;
    }

    private static void add(String path, CommandLine command, Map<String, CommandSpec> all) {
        all.put(path, command.getCommandSpec());
        command.getSubcommands().forEach((name, child) -> add(path + " " + name, child, all));
    }

    /** What any of them has. */
    public static CommandNames names() {
        Set<String> names = byPath().values().stream()
                .flatMap(command -> CommandNames.of(command).names().stream())
                .collect(Collectors.toSet());
        return new CommandNames(names);
    }
}
