package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs pg_restore. */
record RestoreProgram(Programs programs, Target into, String name, Gate gate) {

    /**
     * Runs it until it ends.
     *
     * @param sessions that it may have; fewer where the target has no room
     * @return what it had errors with
     * @throws CaretakerException TOOL_FAILED if it failed for something else, such as a connection that was lost, or if it cannot be told
     *     what it had errors with
     */
    Complaints.Failed run(Path archive, List<String> arguments, int sessions) {
        Map<String, String> settings = settings();
        try (Target.ForProgram place = into.reserve(sessions)) {
            List<String> all = new ArrayList<>(arguments);
            all.add("--no-password");
            all.add("--verbose"); // else it does not tell what an error is about
            boolean several = place.connections() > 1;
            if (several) {
                all.add("--jobs=" + place.connections());
            }
            all.add(archive.toString());
            try (Child child = programs.restore(place.config(), name + " load", all, settings)) {
                return failed(child, Programs.attend(child, gate, Programs.Look.NONE), several);
            }
        }
    }

    private Complaints.Failed failed(Child child, Child.Exit exit, boolean several) {
        if (exit.code() == 0) {
            return Complaints.Failed.NONE; // whatever it has said
        }
        List<Mark.Line> lines = programs.lines(exit);
        if (Complaints.isLost(lines)) {
            throw child.lost(Programs.ending(exit));
        }
        if (Complaints.endsAll(lines)) {
            throw child.failed(Programs.ending(exit));
        }
        if (exit.cut()) {
            throw child.failed(
                    "said so much beside its errors that the first of it is not known, so that it is not known what is"
                            + " missing");
        }
        Complaints.Failed failed =
                several ? Complaints.ofSeveral(lines, programs.mark(), exit.words()) : Complaints.ofOne(lines);
        if (failed.areLost()) {
            throw child.failed("had " + failed.counted().orElse(0) + " errors, of which " + failed.read()
                    + " could be read, so that it is not known what is missing");
        }
        return failed;
    }

    /** An older pg_restore does not know all limits that the role or the database may have for its sessions. */
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        into.withPrimary(connection ->
                        Sql.resource("backup/limits_of_sessions").list(connection, row -> row.getString("name")))
                .forEach(limit -> settings.put(limit, "0"));
        return settings;
    }
}
