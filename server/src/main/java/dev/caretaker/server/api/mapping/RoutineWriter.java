package dev.caretaker.server.api.mapping;

import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.config.RoutinesReader;
import dev.caretaker.v1.Routine;
import dev.caretaker.v1.RunWindow;

/** Writes routines as they are configured. */
public final class RoutineWriter {
    private RoutineWriter() {}

    public static Routine write(RoutineConfig routine) {
        Routine.Builder message = Routine.newBuilder()
                .setName(routine.name())
                .addAllParts(routine.parts().stream().map(RoutinesReader::name).toList())
                .setDeadline(Times.write(routine.deadline()));
        routine.window()
                .ifPresent(window -> message.setWindow(RunWindow.newBuilder()
                        .setStart(window.start().toString())
                        .setEnd(window.end().toString())
                        .setZone(Times.write(window.zone()))));
        return message.build();
    }
}
