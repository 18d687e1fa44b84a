package dev.caretaker.cli.output;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An id as people type it: the whole, or as much of its beginning as no other one has. */
public final class TypedId {
    private static final Pattern WHOLE = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-fA-F][0-9a-fA-F-]{3,35}");
    /** Ids that are told when several are meant. */
    private static final int TOLD = 5;

    private TypedId() {}

    /**
     * The whole id.
     *
     * @param what one thing of the kind, such as "run", with which an article "a" or "an" goes
     * @param all ids of these things, asked only if it is not the whole already
     */
    public static String whole(String given, String what, Supplier<List<String>> all) {
        if (WHOLE.matcher(given).matches()) {
            return given;
        }
        String article = "aeiou".indexOf(what.charAt(0)) < 0 ? "a " : "an ";
        if (!BEGINNING.matcher(given).matches()) {
            throw CommandFailure.usage(
                    "'" + given + "' is not the id of " + article + what + ", nor four or more characters of one");
        }
        List<String> found = all.get().stream()
                .filter(id -> id.startsWith(given.toLowerCase(Locale.ROOT)))
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure(ExitCode.REFUSED, "no " + what + "'s id begins with " + given);
        }
        if (found.size() > 1) {
            throw CommandFailure.usage("the ids of " + found.size() + " " + what + "s begin with " + given + ": "
                    + found.stream().limit(TOLD).collect(Collectors.joining(", "))
                    + (found.size() > TOLD ? " and others" : ""));
        }
        return found.get(0);
    }
}
