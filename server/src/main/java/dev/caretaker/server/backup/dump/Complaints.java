package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Unmade;
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
    /** What it tells of its course, with --verbose. */
    private static final Pattern COURSE = Pattern.compile(
            "^pg_restore: (?!error: |warning: |hint: |detail: |from |in |while ).*\\R?", Pattern.MULTILINE);

    private static final String ERROR = "pg_restore: error: ";
    private static final String PHASE = "pg_restore: while ";
    /** Names of kinds of entries are in capitals, and may have several words. */
    private static final Pattern KIND = Pattern.compile("([A-Z]{2,}(?: [A-Z]{2,})*) (.*)");

    /**
     * What a server says, in English, if the login may not do something: see {@link
     * dev.caretaker.server.target.PostgresErrors#isRefusal}; pg_restore does not tell the state.
     */
    private static final Pattern REFUSED = Pattern.compile("permission denied|must be (superuser|owner|member|able to)"
            + "|only superuser|transition data type cannot be internal|has no handler");
    /** The same if rows are against it. */
    private static final Pattern ROWS =
            Pattern.compile("violates|could not create unique index|duplicate key|invalid input|out of range");

    private Complaints() {}

    /**
     * What pg_restore could not do.
     *
     * @param entry in the archive; empty if it was about no entry, such as a setting of the session
     * @param called kind and name of the entry, as pg_restore writes them; empty if it was about none
     * @param what it said
     */
    record Complaint(OptionalInt entry, String called, String what) {

        /** For people. */
        String sentence() {
            return called.isEmpty() ? what : named(called) + " could not be made: " + what;
        }

        boolean isOf(String kind) {
            return called.startsWith(kind + " ");
        }

        /**
         * Whether nothing lacks without it: a schema that is there already, perhaps for an extension in it, and the comment of an
         * extension, which that has made itself, and only its owner may change.
         */
        boolean isNoLoss() {
            return isOf("SCHEMA") && what.contains("already exists")
                    || isOf("COMMENT EXTENSION") && why() == Unmade.Why.REFUSED;
        }

        Unmade.Why why() {
            if (REFUSED.matcher(what).find()) {
                boolean apart = isOf("ACL") || isOf("DEFAULT ACL") || isOf("SEQUENCE SET");
                return apart ? Unmade.Why.REFUSED_APART : Unmade.Why.REFUSED;
            }
            return ROWS.matcher(what).find() ? Unmade.Why.ROWS : Unmade.Why.OTHER;
        }
    }

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

    /** The same words without those that tell how far it is. */
    static String withoutCourse(String words) {
        return COURSE.matcher(words).replaceAll("").strip();
    }

    /** All of them, in their order: of a pg_restore that is told to be verbose, which else does not say what an error is about. */
    static List<Complaint> of(String words) {
        List<Complaint> found = new ArrayList<>();
        OptionalInt entry = OptionalInt.empty();
        String called = "";
        for (String line : words.lines().toList()) {
            Matcher place = PLACE.matcher(line);
            if (place.matches()) {
                entry = OptionalInt.of(Integer.parseInt(place.group(2)));
                called = place.group(3);
            } else if (line.startsWith(PHASE)) {
                entry = OptionalInt.empty();
                called = "";
            } else if (line.startsWith(ERROR)) {
                String what = line.substring(ERROR.length()).replace("could not execute query: ", "");
                found.add(new Complaint(entry, called, what));
            } else if (!found.isEmpty() && line.startsWith("DETAIL:")) {
                Complaint last = found.removeLast();
                found.add(new Complaint(last.entry(), last.called(), last.what() + " " + line));
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
