package dev.caretaker.server.http;

import dev.caretaker.server.api.listen.Health;
import dev.caretaker.server.http.HttpPort.Answer;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Whether the process works, and whether it is of use now. Targets that are away make neither false: who they are is told by
 * findings, and a restart would not bring them back.
 */
@Singleton
final class HealthPages {
    private final Health health;

    HealthPages(Health health) {
        this.health = health;
    }

    /** It answers, so it lives. */
    Answer live() {
        return HttpPort.json(true, Json.write(Map.of("status", "live")));
    }

    /** Calls are served and the control store answers, by the look that gRPC health tells of, too. */
    Answer ready() {
        boolean ready = health.isServing();
        return HttpPort.json(
                ready,
                Json.write(
                        ready
                                ? Map.of("status", "ready")
                                : Map.of(
                                        "status",
                                        "not ready",
                                        "reason",
                                        "The control store does not answer, or the API is not served yet or no more.")));
    }
}
