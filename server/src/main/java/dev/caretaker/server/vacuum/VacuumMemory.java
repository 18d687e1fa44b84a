package dev.caretaker.server.vacuum;

import java.util.Objects;
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
 * @param failed the server's words if it failed, maybe only in the ANALYZE that belongs to it
 */
public record VacuumMemory(
        String started,
        Optional<TableFigures> before,
        int missed,
        boolean putOff,
        boolean ran,
        Optional<String> skipped,
        Optional<String> failed) {

    public VacuumMemory {
        failed = Objects.requireNonNullElse(failed, Optional.empty());
    }

    static VacuumMemory begin(String started, Optional<TableFigures> before) {
        return new VacuumMemory(started, before, 0, false, false, Optional.empty(), Optional.empty());
    }

    VacuumMemory returned(Optional<String> reason) {
        return new VacuumMemory(started, before, missed, putOff, true, reason, Optional.empty());
    }

    VacuumMemory lockMissed() {
        return new VacuumMemory(started, before, missed + 1, putOff, false, Optional.empty(), Optional.empty());
    }

    VacuumMemory untilLater() {
        return new VacuumMemory(started, before, missed, true, false, Optional.empty(), Optional.empty());
    }

    VacuumMemory failed(String why) {
        return new VacuumMemory(started, before, missed, putOff, true, Optional.empty(), Optional.of(why));
    }
}
