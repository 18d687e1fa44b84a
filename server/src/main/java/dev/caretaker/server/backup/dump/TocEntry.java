package dev.caretaker.server.backup.dump;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of an archive.
 *
 * @param number its name in the archive
 * @param catalog oid of the catalog that has the object; 0 if it is none, such as rows, grants, comments
 * @param oid of the object where it was dumped; of rows that of their table
 * @param called kind, schema or "-", name and owner, as pg_restore lists them
 */
record TocEntry(int number, long catalog, long oid, String called) {
    /** Oids of catalogs: pg_default_acl, pg_largeobject. */
    private static final long DEFAULT_RIGHTS = 826;

    private static final long LARGE_OBJECTS = 2613;
    private static final Pattern LINE = Pattern.compile("(\\d+); (\\d+) (\\d+) (.*)");
    /** Names of kinds of entries are in capitals, and may have several words. */
    private static final Pattern KIND = Pattern.compile("([A-Z]{2,}(?: [A-Z]{2,})*) (.*)");

    /** A line of {@code pg_restore --list}, such as {@code 3456; 0 16385 TABLE DATA shop customer owner}; null if it is none. */
    static TocEntry read(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? new TocEntry(
                        Integer.parseInt(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)),
                        matcher.group(4))
                : null;
    }

    /** Rows of a table: a table may be called DATA, but is in a catalog. */
    boolean isRows() {
        return isApart("TABLE DATA");
    }

    /** What large objects hold; that they are there, and whose they are, is told by other entries. */
    boolean isContentsOfLargeObjects() {
        return isApart("BLOBS");
    }

    /** One or many large objects, empty, and their owners. */
    boolean isLargeObject() {
        return catalog == LARGE_OBJECTS && (called.startsWith("BLOB ") || called.startsWith("BLOB METADATA "));
    }

    boolean isSchema() {
        return called.startsWith("SCHEMA - ");
    }

    boolean isExtension() {
        return called.startsWith("EXTENSION - ");
    }

    boolean isCommentOfExtension() {
        return isApart("COMMENT - EXTENSION");
    }

    /** Of what no comparison is about. */
    boolean isOfRights() {
        return isApart("ACL")
                || catalog == DEFAULT_RIGHTS && called.startsWith("DEFAULT ACL ")
                || isApart("SEQUENCE SET");
    }

    private boolean isApart(String kind) {
        return catalog == 0 && called.startsWith(kind + " ");
    }

    /** For people: "EXTENSION - postgis" is told as Extension postgis, "TABLE shop customer owner" as Table shop customer owner. */
    String named() {
        Matcher kind = KIND.matcher(called);
        if (!kind.matches()) {
            return called;
        }
        String word = kind.group(1).toLowerCase(Locale.ROOT);
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " "
                + kind.group(2).strip().replaceFirst("^- ", "");
    }
}
