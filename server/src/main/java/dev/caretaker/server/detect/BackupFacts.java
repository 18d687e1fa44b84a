package dev.caretaker.server.detect;

/** How the backups of a target are; provided by whoever knows them. */
public interface BackupFacts {

    /**
     * A JSON object with: expected (whether there should be any), newest and verified (of the whole database, and proven by
     * restoring it; each with maker, id, and time, ISO 8601; missing if there is none), within_seconds and
     * verified_within_seconds (how old these may be), and damaged (those found damaged, an array of objects with id and time).
     */
    String of(String target);
}
