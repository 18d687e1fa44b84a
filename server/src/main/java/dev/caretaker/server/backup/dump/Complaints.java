package dev.caretaker.server.backup.dump;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What pg_dump and pg_restore say when something goes wrong, in their own words, which are English because their locale is C; those
 * of a server within them may be of any language.
 */
final class Complaints {
    private static final Pattern PLACE =
            Pattern.compile("pg_restore: (from|in) TOC entry (\\d+); \\d+ \\d+ (.*)", Pattern.CASE_INSENSITIVE);
    private static final String ERROR = "pg_restore: error: ";
    private static final String PHASE = "pg_restore: while ";
    /** Names of kinds of entries are in capitals, and may have several words. */
    private static final Pattern KIND = Pattern.compile("([A-Z]{2,}(?: [A-Z]{2,})*) (.*)");

    private Complaints() {}

    /**
     * What pg_restore could not do.
     *
     * @param entry in the archive; empty if it was about no entry, such as a setting of the session
     * @param sentence for people
     */
    record Complaint(OptionalInt entry, String sentence) {}

    /** Whether pg_dump ended because somebody held a table, or waited for it. */
    static boolean isLock(String words) {
        return words.contains("Query was: LOCK TABLE") || words.contains("could not obtain lock on relation");
    }

    static boolean isDiskFull(String words) {
        return words.contains("No space left on device");
    }

    /**
     * Whether pg_restore failed for something that is no object of the archive: it then ends before it has counted its errors, or has
     * lost its server, or the disk of that is full.
     */
    static boolean endsAll(String words) {
        return !words.contains("errors ignored on restore")
                || words.contains("server closed the connection unexpectedly")
                || words.contains("no connection to the server")
                || isDiskFull(words);
    }

    /** All of them, in their order. */
    static List<Complaint> of(String words) {
        List<Complaint> found = new ArrayList<>();
        OptionalInt entry = OptionalInt.empty();
        String called = "";
        for (String line : words.lines().toList()) {
            Matcher place = PLACE.matcher(line);
            if (place.matches()) {
                entry = OptionalInt.of(Integer.parseInt(place.group(2)));
                called = named(place.group(3));
            } else if (line.startsWith(PHASE)) {
                entry = OptionalInt.empty();
                called = "";
            } else if (line.startsWith(ERROR)) {
                String what = line.substring(ERROR.length()).replace("could not execute query: ", "");
                found.add(new Complaint(entry, called.isEmpty() ? what : called + " could not be made: " + what));
            } else if (!found.isEmpty() && line.startsWith("DETAIL:")) {
                Complaint last = found.removeLast();
                found.add(new Complaint(last.entry(), last.sentence() + " " + line));
            }
        }
        return found;
    }

    /** "EXTENSION - postgis" is told as Extension postgis, "TABLE shop customer owner" as Table shop customer owner. */
    private static String named(String entry) {
        Matcher kind = KIND.matcher(entry);
        if (!kind.matches()) {
            return entry;
        }
        String word = kind.group(1).toLowerCase(Locale.ROOT);
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " "
                + kind.group(2).strip().replaceFirst("^- ", "");
    }
}
