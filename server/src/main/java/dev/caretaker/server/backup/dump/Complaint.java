package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Unmade;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What pg_restore could not do.
 *
 * @param entry in the archive; empty if it was about no entry, such as a setting of the session, or about which is not certain
 * @param called kind and name of the entry, as pg_restore writes them; empty without entry
 * @param what it said, a line
 * @param detail what the server said further, which may hold values of rows; may be empty
 * @param placed whether it is certain that it is about this entry, or about none
 */
record Complaint(OptionalInt entry, String called, String what, String detail, boolean placed) {
    /** What it says before the words of the server, if that is about rows. */
    private static final String COPY = "COPY failed for table \"";

    private static final String COPY_END = "\": ";
    /** Names of kinds of entries are in capitals, and may have several words. */
    private static final Pattern KIND = Pattern.compile("([A-Z]{2,}(?: [A-Z]{2,})*) (.*)");

    /**
     * How a server begins, in English, if the login may not do something: see {@link
     * dev.caretaker.server.target.PostgresErrors#isRefusal}; pg_restore does not tell the state. What follows may be words of rows,
     * which decide nothing.
     */
    private static final Pattern REFUSED = Pattern.compile("ERROR:\\s+(?:permission denied"
            + "|must be (?:superuser|owner|member|able to)|only superuser"
            + "|aggregate transition data type cannot be internal|foreign-data wrapper \".*\" has no handler)");
    /** The same if rows refer to some that are not there. */
    private static final Pattern REFERENCE = Pattern.compile(
            "ERROR:\\s+(?:insert or update|update or delete) on table \".*\" violates foreign key constraint ");
    /** What it holds if rows are against it in another way: found too often it is a fault too many, but hides none. */
    private static final Pattern ROWS =
            Pattern.compile("violate[sd] |could not create (?:unique index|exclusion constraint)"
                    + "|duplicate key|contains null values|invalid input|out of range");

    /** The same with what the server said further. */
    Complaint with(String line) {
        return new Complaint(entry, called, what, (detail + " " + line).strip(), placed);
    }

    /** All that was said, one line. */
    String words() {
        return (what + " " + detail).strip();
    }

    /** For people. */
    String sentence() {
        if (!isCertain()) {
            return "Something could not be made, and it is not certain what: " + words();
        }
        return called.isEmpty() ? words() : named(called) + " could not be made: " + words();
    }

    boolean isOf(String kind) {
        return called.startsWith(kind + " ");
    }

    /** Whether what was to be made is there already. */
    boolean isThere() {
        return what.endsWith(" already exists");
    }

    /** Whether it is about the entry that it names, or about none: if not, it may tell of any object or rows. */
    boolean isCertain() {
        return placed && said().isPresent();
    }

    /**
     * Whether nothing lacks without it: a schema that is there already, perhaps for an extension in it, and the comment of an
     * extension, which that has made itself, and only its owner may change.
     */
    boolean isNoLoss() {
        return isCertain() && (isOf("SCHEMA") && isThere() || isOf("COMMENT EXTENSION") && why() == Unmade.Why.REFUSED);
    }

    Unmade.Why why() {
        if (!isCertain()) {
            return Unmade.Why.ROWS; // a fault, whatever else lacks
        }
        String said = said().orElseThrow();
        if (REFUSED.matcher(said).lookingAt()) {
            boolean apart = isOf("ACL") || isOf("DEFAULT ACL") || isOf("SEQUENCE SET");
            return apart ? Unmade.Why.REFUSED_APART : Unmade.Why.REFUSED;
        }
        if (REFERENCE.matcher(said).lookingAt()) {
            return Unmade.Why.REFERENCE;
        }
        return ROWS.matcher(said).find() ? Unmade.Why.ROWS : Unmade.Why.OTHER;
    }

    /** What the server said; empty if it is about rows of another table than those of the entry. */
    private Optional<String> said() {
        if (!what.startsWith(COPY)) {
            return Optional.of(what);
        }
        // A name may hold anything: it ends where that of the entry does.
        for (int end = what.indexOf(COPY_END); end >= 0; end = what.indexOf(COPY_END, end + 1)) {
            if (isOf("TABLE DATA " + what.substring(COPY.length(), end))) {
                return Optional.of(what.substring(end + COPY_END.length()));
            }
        }
        return Optional.empty();
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
