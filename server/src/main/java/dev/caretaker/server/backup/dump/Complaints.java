package dev.caretaker.server.backup.dump;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What pg_dump and pg_restore say when something goes wrong, in their own words, which are English because their locale is C; those
 * of a server within them may be of any language.
 *
 * <p>Several sessions of pg_restore are processes that write to one place: each names an entry in one line and says what went wrong
 * with it in the next, and those of others may come between. What two have begun at once counts for neither.
 */
final class Complaints {
    private static final Pattern PLACE =
            Pattern.compile("pg_restore: (from|in) TOC entry (\\d+); \\d+ \\d+ (.*)", Pattern.CASE_INSENSITIVE);
    /** What it tells of its course, with --verbose. */
    private static final Pattern COURSE = Pattern.compile(
            "^pg_restore: (?!error: |warning: |hint: |detail: |from |in |while ).*\\R?", Pattern.MULTILINE);

    private static final String OTHERS = "(?:pg_restore:|error:|warning:|detail:|hint:| )*";
    /** A line that names an entry, or begins an error, whatever others have written before its words, which come at once. */
    private static final Pattern NAMED = Pattern.compile("^" + OTHERS + "from TOC entry (\\d+); ", Pattern.MULTILINE);

    private static final Pattern ANY_ERROR = Pattern.compile(
            "^(?:pg_restore: error: |" + OTHERS + "(?:could not execute query: |COPY failed for table \")).*",
            Pattern.MULTILINE);
    /** What it says last. */
    private static final Pattern COUNT =
            Pattern.compile("^pg_restore: warning: errors ignored on restore: (\\d+)$", Pattern.MULTILINE);

    private static final String ERROR = "pg_restore: error: ";
    private static final String PHASE = "pg_restore: while ";
    private static final String QUERY = "could not execute query: ";

    private final boolean several;
    private final List<Complaint> found = new ArrayList<>();
    private OptionalInt entry = OptionalInt.empty();
    private String called = "";
    /** Entries that were named, and of which nothing was said so far. */
    private int open;
    /** Whether several are open, or were when the last one was named. */
    private boolean mixed;

    private Complaints(boolean several) {
        this.several = several;
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
        return counted(words).isEmpty()
                || words.contains("server closed the connection unexpectedly")
                || words.contains("no connection to the server")
                || isDiskFull(words);
    }

    /** The same words without those that tell how far it is. */
    static String withoutCourse(String words) {
        return COURSE.matcher(words).replaceAll("").strip();
    }

    /** How many errors it has had, of which it says so at its end. */
    static OptionalInt counted(String words) {
        OptionalInt last = OptionalInt.empty();
        Matcher count = COUNT.matcher(words);
        while (count.find()) {
            last = OptionalInt.of(Integer.parseInt(count.group(1)));
        }
        return last;
    }

    /**
     * Whether some were lost: those of two sessions that were written into each other, or more than is kept. With several sessions
     * pg_restore counts each error, and each entry that had any once more.
     */
    static boolean areLost(String words, List<Complaint> read, boolean several) {
        int counted = counted(words).orElse(0);
        return several
                ? counted != read.size()
                        && counted != read.size() + named(words).size()
                : counted > read.size();
    }

    /**
     * Entries that something was wrong with, of a pg_restore that had several sessions; a line may begin with what others wrote.
     *
     * @return empty if it has counted others
     */
    static Optional<Set<Integer>> entries(String words) {
        Set<Integer> named = named(words);
        List<String> errors =
                ANY_ERROR.matcher(words).results().map(MatchResult::group).toList();
        int most = errors.size();
        // Those of settings are not counted where each session makes them for itself.
        int least = most - (int) errors.stream().filter(Complaints::isOfSetting).count();
        int counted = counted(words).orElse(0);
        int alone = counted - named.size();
        boolean all = least <= alone && alone <= most || least <= counted && counted <= most;
        return all ? Optional.of(named) : Optional.empty();
    }

    private static Set<Integer> named(String words) {
        Set<Integer> entries = new LinkedHashSet<>();
        NAMED.matcher(words).results().forEach(named -> entries.add(Integer.parseInt(named.group(1))));
        return entries;
    }

    private static boolean isOfSetting(String what) {
        return what.contains("parameter \"");
    }

    /** Those of a second attempt: of an object that is there since the first, other complaints tell what was wrong with that. */
    static List<Complaint> ofSecond(List<Complaint> complaints) {
        Map<OptionalInt, Long> each =
                complaints.stream().collect(Collectors.groupingBy(Complaint::entry, Collectors.counting()));
        return complaints.stream()
                .filter(one -> !one.isThere() || each.get(one.entry()) == 1)
                .toList();
    }

    /**
     * All of them, in their order: of a pg_restore that is told to be verbose, which else does not say what an error is about.
     *
     * @param several whether it had several sessions
     */
    static List<Complaint> of(String words, boolean several) {
        Complaints complaints = new Complaints(several);
        words.lines().forEach(complaints::read);
        return complaints.found;
    }

    private void read(String line) {
        Matcher place = PLACE.matcher(line);
        if (place.matches()) {
            entry = OptionalInt.of(Integer.parseInt(place.group(2)));
            called = place.group(3);
            open++;
            mixed |= open > 1;
        } else if (line.startsWith(PHASE)) {
            entry = OptionalInt.empty();
            called = "";
            mixed |= open > 0;
        } else if (line.startsWith(ERROR)) {
            String what = line.substring(ERROR.length());
            complain(what.startsWith(QUERY) ? what.substring(QUERY.length()) : what);
        } else if (!found.isEmpty() && line.startsWith("DETAIL:")) {
            found.add(found.removeLast().with(line));
        }
    }

    private void complain(String what) {
        boolean placed = !several || isPlaced(what);
        found.add(new Complaint(placed ? entry : OptionalInt.empty(), placed ? called : "", what, "", placed));
        open = Math.max(0, open - 1);
        mixed &= open > 0;
    }

    /** An entry may have a second one, such as of its owner; of rows there is one at most. */
    private boolean isPlaced(String what) {
        if (entry.isEmpty()) {
            return !mixed && isOfSetting(what);
        }
        return !mixed && (open > 0 || !called.startsWith("TABLE DATA "));
    }
}
