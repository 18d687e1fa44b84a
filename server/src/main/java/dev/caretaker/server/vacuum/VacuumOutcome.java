package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.StatementStep.Done;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Totals.Space;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;

/**
 * Tells what became of a table: how many rows were dead and are, what is free for new rows, and what went back to the file
 * system.
 */
final class VacuumOutcome {
    private final VacuumRequest request;
    private final Totals deleted;
    private final long changed;

    /**
     * @param deleted what the run deleted from the table
     * @param changed rows that it made dead, through foreign keys too
     */
    VacuumOutcome(VacuumRequest request, Totals deleted, long changed) {
        this.request = request;
        this.deleted = deleted;
        this.changed = changed;
    }

    /** What a statement is called in sentences: "not vacuumed", "Vacuumed". */
    record Words(String todo, String done, String atStart) {
        static Words of(Verb verb) {
            return switch (verb) {
                case VACUUM -> new Words("vacuum", "vacuumed", "Vacuumed");
                case ANALYZE -> new Words("analyze", "analyzed", "Analyzed");
                case FULL -> new Words("rewrite", "rewritten", "Rewritten");
                case REPACK -> new Words("repack", "repacked", "Repacked");
            };
        }
    }

    Done<VacuumMemory> of(Session session, VacuumMemory memory, TableFigures after) throws SQLException {
        TableFigures before = memory.before().orElse(after);
        Verb verb = request.options().verb();
        String begin = Words.of(verb).atStart() + (request.reason().isEmpty() ? "" : " (" + request.reason() + ")");
        return switch (verb) {
            case ANALYZE -> new Done<>(Totals.NONE, begin + ".");
            case FULL, REPACK -> rewritten(begin, before, after);
            case VACUUM -> vacuumed(begin, session, before, after);
        };
    }

    private static Done<VacuumMemory> rewritten(String begin, TableFigures before, TableFigures after) {
        long returned = Math.max(0, before.totalBytes() - after.totalBytes());
        Space space = new Space(before.totalBytes(), after.totalBytes(), before.dead(), after.dead());
        return new Done<>(
                Totals.ofSpace(0, returned, space),
                begin + ": with indexes " + Amounts.bytes(before.totalBytes()) + " before and "
                        + Amounts.bytes(after.totalBytes()) + " now.");
    }

    private Done<VacuumMemory> vacuumed(String begin, Session session, TableFigures before, TableFigures after)
            throws SQLException {
        long returned = Math.max(0, before.bytes() - after.bytes());
        long wereDead = Math.max(before.dead(), changed);
        double dead = deleted.bytesDeleted() > 0 ? deleted.bytesDeleted() : before.dead() * before.rowBytes();
        double removed = Math.clamp(1 - (double) after.dead() / Math.max(1, wereDead), 0, 1);
        long reusable = Math.max(0, (long) (dead * removed) - returned);
        String freed = returned == 0
                ? ""
                : ", " + Amounts.bytes(returned) + " went back to the file system (" + Amounts.bytes(before.bytes())
                        + " before and " + Amounts.bytes(after.bytes()) + " now; "
                        + Amounts.count(after.pagesSince(before), "page", "pages") + " truncated)";
        String message = begin + ": " + Amounts.count(wereDead) + " dead rows before and "
                + Amounts.count(after.dead()) + " now; about " + Amounts.bytes(reusable) + " are free for new rows"
                + freed + ".";
        String stuck = after.dead() == 0
                ? ""
                : " " + Amounts.count(after.dead()) + " dead rows had to stay, because old snapshots may still see them"
                        + VacuumWarnings.holder(session).map(who -> ": " + who).orElse("") + ".";
        Space space = new Space(before.bytes(), after.bytes(), wereDead, after.dead());
        return new Done<>(Totals.ofSpace(reusable, returned, space), message + stuck);
    }
}
