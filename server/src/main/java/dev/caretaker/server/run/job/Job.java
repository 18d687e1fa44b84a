package dev.caretaker.server.run.job;

import java.io.IOException;
import java.sql.SQLException;

/** One attempt at the whole work of a step, on threads and sessions of its own. It leaves nothing behind when it fails. */
@FunctionalInterface
public interface Job {
    /** @return what became of it, one sentence */
    String run(Gate gate) throws SQLException, IOException;
}
