package dev.caretaker.server.backup;

import dev.caretaker.server.target.Target;
import java.util.List;

/** A database into which a backup is restored to be looked at, and which goes when it is closed. */
interface ScratchPlace extends AutoCloseable {

    /** The empty database. */
    Target database();

    /** For people: "embedded PostgreSQL 18.6", or the name of a target. */
    String describe();

    /** Of the server, such as 18.6. */
    String serverVersion();

    /** What cannot be made there, whatever the restore does. */
    List<Unmade> unmade();

    /** What is not as it was where the backup was taken, one sentence each. */
    List<String> notes();

    @Override
    void close();
}
