package dev.caretaker.server.vacuum;

import java.util.Optional;

/**
 * What a vacuum knows of itself.
 *
 * @param started when it began, by the target's clock
 * @param bytesBefore size of the table with TOAST, without indexes
 * @param ran whether the statement returned
 * @param skipped the server's words if it did nothing
 */
public record VacuumMemory(String started, long bytesBefore, boolean ran, Optional<String> skipped) {

    VacuumMemory returned(Optional<String> reason) {
        return new VacuumMemory(started, bytesBefore, true, reason);
    }
}
