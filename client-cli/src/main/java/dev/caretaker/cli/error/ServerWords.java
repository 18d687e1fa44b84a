package dev.caretaker.cli.error;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sentences of the server in the words of who typed the command. They name fields of the API, as programs know them; people know
 * options, and keys of files.
 */
public final class ServerWords {
    /** Fields as sentences name them: of several words, and no part of a longer name, nor in quotes, as names of columns are. */
    static final Pattern FIELD =
            Pattern.compile("(?<![\\w\"./\\[=-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\\w\"/\\]=(-]|\\.\\w)");

    /** What can be said in files only, whichever command reads them. */
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("all_targets", "targets: all"),
            Map.entry("default_partition", "default"),
            Map.entry("is_null", "isNull"),
            Map.entry("lose_children", "loseChildren"),
            Map.entry("max_fraction", "maxFraction"),
            Map.entry("max_rows", "maxRows"),
            Map.entry("skip_pinned", "skipPinned"));

    private static final CommandNames NO_COMMAND = new CommandNames(Set.of());

    private ServerWords() {}

    /** A sentence about what files say. */
    public static String of(String sentence) {
        return of(sentence, NO_COMMAND);
    }

    /** A sentence for who typed a command: a field that is no option of it, and no key of a file, is left as it is. */
    public static String of(String sentence, CommandNames command) {
        return FIELD.matcher(sentence).replaceAll(field -> {
            String name = field.group();
            return KEYS.containsKey(name) ? KEYS.get(name) : FieldNames.of(name, command);
        });
    }
}
