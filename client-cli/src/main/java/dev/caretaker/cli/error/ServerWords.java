package dev.caretaker.cli.error;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Sentences of the server in the words of who typed the command. They name fields of the API, as programs know them; people know
 * options, and keys of files.
 */
public final class ServerWords {
    /** Fields as sentences name them: of several words, and no part of a longer name, nor in quotes, as names of columns are. */
    static final Pattern FIELD =
            Pattern.compile("(?<![\\w\"./\\[=-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\\w\"/\\]=(-]|\\.\\w)");

    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("all_targets", "targets: all"),
            Map.entry("allow_not_empty", "--allow-not-empty"),
            Map.entry("allow_same_server", "--allow-same-server"),
            Map.entry("analyze_only", "--analyze-only"),
            Map.entry("default_partition", "default"),
            Map.entry("from_time", "--from"),
            Map.entry("is_null", "isNull"),
            Map.entry("lose_children", "loseChildren"),
            Map.entry("max_fraction", "maxFraction"),
            Map.entry("max_rows", "maxRows"),
            Map.entry("new_table", "--into"),
            Map.entry("scratch_target", "--scratch-target"),
            Map.entry("skip_pinned", "skipPinned"));

    private ServerWords() {}

    public static String of(String sentence) {
        return FIELD.matcher(sentence).replaceAll(field -> KNOWN.getOrDefault(field.group(), field.group()));
    }
}
