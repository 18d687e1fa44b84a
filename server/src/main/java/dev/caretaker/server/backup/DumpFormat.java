package dev.caretaker.server.backup;

/** Form of an archive of pg_dump. */
public enum DumpFormat {
    /** A folder with a file for each table: tables are dumped side by side. */
    DIRECTORY,
    /** One file, by one session. */
    CUSTOM
}
