package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.store.EventRow;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.NewEvent;
import java.time.Instant;

/** Events between their record and their journalled form. */
final class Events {
    private Events() {}

    static NewEvent record(RunEvent event, Instant at) {
        return new NewEvent(at, event instanceof RunEvent.Progress, Json.write(event));
    }

    static RunEvent read(EventRow row) {
        return Json.read(row.body(), RunEvent.class);
    }
}
