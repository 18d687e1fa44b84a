package dev.caretaker.cli.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a line that is being typed says so far.
 *
 * @param command the innermost command that is named
 * @param awaiting option whose value comes next
 * @param positionals values that are given already and belong to no option
 */
record Typed(CommandSpec command, Optional<OptionSpec> awaiting, int positionals) {
    /** Say where the server is and how to speak to it. */
    private static final Set<String> CONNECTING =
            Set.of("--server", "--tls", "--ca", "--cert", "--key", "--token", "--insecure");

    static Typed of(CommandLine root, List<String> words) {
        CommandSpec command = root.getCommandSpec();
        Optional<OptionSpec> awaiting = Optional.empty();
        int positionals = 0;
        for (String word : words) {
            if (awaiting.isPresent()) {
                awaiting = Optional.empty();
            } else if (word.startsWith("-")) {
                awaiting = takingValue(command, word);
            } else if (positionals == 0 && command.subcommands().containsKey(word)) {
                command = command.subcommands().get(word).getCommandSpec();
            } else {
                positionals++;
            }
        }
        return new Typed(command, awaiting, positionals);
    }

    /** The options among the words that say how to reach the server, with their values. */
    static List<String> connecting(CommandLine root, List<String> words) {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i).replaceFirst("=.*", "");
            if (CONNECTING.contains(name)) {
                options.add(words.get(i));
                boolean more = takingValue(root.getCommandSpec(), words.get(i)).isPresent();
                if (more && i + 1 < words.size()) {
                    options.add(words.get(++i));
                }
            }
        }
        return options;
    }

    private static Optional<OptionSpec> takingValue(CommandSpec command, String word) {
        OptionSpec option = command.optionsMap().get(word);
        return Optional.ofNullable(option)
                .filter(known -> known.arity().max() > 0 && !known.typeInfo().isBoolean());
    }

    /** Whether one more value may follow that belongs to no option. */
    boolean takesPositional() {
        return command.positionalParameters().stream()
                .anyMatch(parameter -> positionals <= parameter.index().max());
    }
}
