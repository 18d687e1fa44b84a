package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds out what pg_restore could not make, and for what: it has only named it. */
record RestoreFailures(Programs programs, Dumped dump, WorkFolder folder, Gate gate) {

    /**
     * Of what pg_restore was asked to make: a session that it adds to others may name what another call has made, for an error about none.
     *
     * @param asked its options
     * @param options those that say how an entry is made
     * @param session in autocommit
     * @param notes where a setting that the server does not know is told, once
     */
    List<Failure> of(
            Complaints.Failed failed,
            Path archive,
            List<String> asked,
            List<String> options,
            Session session,
            List<String> notes)
            throws SQLException, IOException {
        if (failed.counted().isEmpty()) {
            return List.of();
        }
        Attempts attempts = new Attempts(programs, archive, options, folder, session, gate);
        settings(failed, attempts.unknownSettings(), notes);
        List<Failure> failures = new ArrayList<>();
        for (TocEntry entry : programs.contents(archive, asked).entries()) {
            if (failed.entries().contains(entry.number())) {
                attempts.make(entry, dump.tableOf(entry.number()))
                        .ifPresent(obstacle -> failures.add(new Failure(entry, obstacle, failed.certain())));
            }
        }
        return failures;
    }

    /** An error before the first entry is one of a setting: which ones the server does not know, it is asked itself. */
    private void settings(Complaints.Failed failed, List<String> unknown, List<String> notes) {
        if (failed.apart().size() > unknown.size()) {
            throw CaretakerException.of(
                    Reason.TOOL_FAILED,
                    "pg_restore could not make its settings: " + failed.apart().getFirst(),
                    Map.of("program", programs.tools().restore().toString()));
        }
        for (String setting : unknown) {
            String note = "This server does not know the setting " + setting + ", which pg_restore "
                    + programs.tools().major() + " makes for its sessions; nothing is missing without it.";
            if (!notes.contains(note)) {
                notes.add(note);
            }
        }
    }
}
