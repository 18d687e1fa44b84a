package dev.caretaker.server.vacuum;

import java.util.Optional;

/**
 * What a vacuum knows of itself.
 *
 * @param started when it began, by the target's clock
 * @param before the table then; empty if it was gone
 * @param missed times its lock was not had
 * @param putOff whether it was put off for that
 * @param ran whether the statement returned
 * @param skipped the server's words if it did nothing
 */
public record VacuumMemory(
        String started,
        Optional<TableFigures> before,
        int missed,
        boolean putOff,
        boolean ran,
        Optional<String> skipped) {

    static VacuumMemory begin(String started, Optional<TableFigures> before) {
        return new VacuumMemory(started, before, 0, false, false, Optional.empty());
    }

    VacuumMemory returned(Optional<String> reason) {
        return new VacuumMemory(started, before, missed, putOff, true, reason);
    }

    VacuumMemory lockMissed() {
        return new VacuumMemory(started, before, missed + 1, putOff, false, Optional.empty());
    }

    VacuumMemory untilLater() {
        return new VacuumMemory(started, before, missed, true, false, Optional.empty());
    }
}
