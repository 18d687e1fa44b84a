package dev.caretaker.server.backup.dump;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What pg_dump and pg_restore say when something goes wrong, in their own words, which are English because their locale is C. Only lines
 * with their {@link Mark} count: a function, a name or a value of the database can have a server say anything else.
 */
final class Complaints {
    private static final String ERROR = "error: ";
    private static final Pattern PLACE = Pattern.compile("(?:from|in) TOC entry (\\d+); .*", Pattern.CASE_INSENSITIVE);
    /** Where the program was, if that is no entry. */
    private static final Pattern PHASE = Pattern.compile("while [A-Z ]+:");

    private static final Pattern COUNT = Pattern.compile("warning: errors ignored on restore: (\\d+)");
    private static final Pattern LOCK = Pattern.compile(
            "(?:detail: query was: |error: query was: )LOCK TABLE .*|error: could not obtain lock on relation \".*",
            Pattern.CASE_INSENSITIVE);
    /** Messages of the program that are about its files have this form; those that quote a server have another one. */
    private static final Pattern DISK_FULL =
            Pattern.compile("error: could not [A-Za-z ]+(?: \".*\")?: No space left on device");

    private static final String CLOSED = "server closed the connection unexpectedly";
    /** Where the programs quote what libpq says of a session. */
    private static final String QUOTED = "(?:error|detail): (?:could not execute query|query failed"
            + "|error returned by PQputCopy(?:Data|End)|Error message from server): ";
    /** What libpq says where a server says nothing any more: words of a server come after their severity. */
    private static final Pattern LOST = Pattern.compile(QUOTED + "(?:" + CLOSED + "|no connection to the server"
            + "|could not (?:send|receive) data|SSL |SSL_|FATAL: |PANIC: ).*");
    /** The same of a COPY, behind a name that may hold any words: so these must be all that follows it. */
    private static final Pattern LOST_COPY =
            Pattern.compile("error: COPY failed for table \"(?:[^\"]|\"(?!: ))*+\": (?:" + CLOSED
                    + "|no connection to the server|SSL connection has been closed unexpectedly"
                    + "|SSL SYSCALL error: EOF detected|FATAL:  terminating connection due to [a-z ]+)");
    /** The same where the last words of a server may come first. */
    private static final Pattern QUOTING = Pattern.compile(QUOTED + ".*");
    /** A connection that was not had, and may be had soon. */
    private static final Pattern NOT_HAD =
            Pattern.compile("error: connection to [^\"]*\".*\"[^\"]* failed: (?:" + CLOSED
                    + "|could not (?:send|receive) data|Connection refused|timeout expired"
                    + "|FATAL: +(?:the database system is |sorry, too many clients|remaining connection slots )).*");
    /** What it tells of its course, with --verbose. */
    private static final Pattern COURSE = Pattern.compile(
            "^pg_restore: (?!error: |warning: |hint: |detail: |from |in |while ).*\\R?", Pattern.MULTILINE);

    /** What names an entry, which is written at once, wherever it stands: what others write at that time may have no end of line yet. */
    private static final Pattern NAMED = Pattern.compile("from TOC entry (\\d{1,9}); ");

    private Complaints() {}

    /**
     * What a pg_restore, told to be verbose, could not do.
     *
     * @param entries in the archive that it had an error with
     * @param apart errors about none, such as a setting, one line each
     * @param counted how many errors it has had, of which it says so at its end; empty if it ended before that
     * @param read how many of them were read
     * @param certain whether it had an error with each of the entries; some may only be named in words of a database
     */
    record Failed(Set<Integer> entries, List<String> apart, OptionalInt counted, int read, boolean certain) {
        static final Failed NONE = new Failed(Set.of(), List.of(), OptionalInt.empty(), 0, true);

        /** Whether some are not known. */
        boolean areLost() {
            return counted.orElse(0) > read;
        }
    }

    /** Whether pg_dump ended because somebody held a table, or waited for it. */
    static boolean isLock(List<Mark.Line> lines) {
        return lines.stream().anyMatch(line -> LOCK.matcher(line.text()).matches());
    }

    /** Whether a program could not write its files for want of room. */
    static boolean isDiskFull(List<Mark.Line> lines) {
        return lines.stream().anyMatch(line -> DISK_FULL.matcher(line.text()).matches());
    }

    /** Whether a program ended because it has lost its connection to the server, or did not get one. */
    static boolean isLost(List<Mark.Line> lines) {
        return lines.stream()
                .map(Mark.Line::text)
                .anyMatch(text -> LOST.matcher(text).matches()
                        || LOST_COPY.matcher(text).matches()
                        || NOT_HAD.matcher(text).matches());
    }

    /**
     * The same of a pg_dump, also where a server that does not speak English had the first word. A database can have that said, too: then it
     * is dumped some more times for nothing.
     */
    static boolean mayBeLost(List<Mark.Line> lines) {
        return isLost(lines)
                || lines.stream()
                        .anyMatch(line -> QUOTING.matcher(line.text()).matches()
                                && line.further().contains(CLOSED));
    }

    /**
     * Whether pg_restore failed for something that is no object of the archive: it then ends before it has counted its errors, or has
     * lost its server.
     */
    static boolean endsAll(List<Mark.Line> lines) {
        return counted(lines).isEmpty()
                || lines.stream().anyMatch(line -> LOST.matcher(line.text()).matches());
    }

    /** The same words without those that tell how far it is; for people. */
    static String withoutCourse(String words) {
        return COURSE.matcher(Mark.plain(words)).replaceAll("").strip();
    }

    /** Said last: nothing comes after it. */
    private static OptionalInt counted(List<Mark.Line> lines) {
        Optional<Matcher> last = lines.isEmpty()
                ? Optional.empty()
                : Optional.of(COUNT.matcher(lines.getLast().text())).filter(Matcher::matches);
        return last.map(count -> OptionalInt.of(Integer.parseInt(count.group(1))))
                .orElse(OptionalInt.empty());
    }

    /** Of a pg_restore with one session: it names an entry in one line, and says in the next what went wrong with it. */
    static Failed ofOne(List<Mark.Line> lines) {
        Set<Integer> entries = new LinkedHashSet<>();
        List<String> apart = new ArrayList<>();
        OptionalInt entry = OptionalInt.empty();
        int read = 0;
        for (Mark.Line line : lines) {
            Matcher place = PLACE.matcher(line.text());
            if (place.matches()) {
                entry = OptionalInt.of(Integer.parseInt(place.group(1)));
            } else if (PHASE.matcher(line.text()).matches()) {
                entry = OptionalInt.empty();
            } else if (line.text().startsWith(ERROR)) {
                read++;
                entry.ifPresent(entries::add);
                if (entry.isEmpty()) {
                    apart.add(line.text().substring(ERROR.length()));
                }
            }
        }
        return new Failed(entries, apart, counted(lines), read, true);
    }

    /**
     * Of one with several sessions, which are processes that write to one place as they like, so that marks and words of several may stand
     * in one line. Every entry that it names is among those that are returned, and so is what a database made it name: that is tried once
     * more without need, and is then there already. Errors are known by their marks, which nobody else can write; it counts each of them,
     * and each entry that had any once more.
     *
     * @param words all of what it said
     */
    static Failed ofSeveral(List<Mark.Line> lines, Mark mark, String words) {
        Set<Integer> entries = new LinkedHashSet<>();
        NAMED.matcher(Mark.plain(words)).results().forEach(named -> entries.add(Integer.parseInt(named.group(1))));
        return new Failed(entries, List.of(), counted(lines), mark.errors(words) + entries.size(), false);
    }
}
