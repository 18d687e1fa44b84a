package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What checks found at targets when somebody last looked here. They ask the target itself, so that paging and filters do not run them again. */
@Singleton
final class Detections {
    private static final Duration FRESH = Duration.ofMinutes(2);
    private static final long PATIENCE_MINUTES = 2;

    private final Clock clock;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    Detections(Clock clock) {
        this.clock = clock;
    }

    private record Seen(DetectIssuesResponse answer, Instant taken) {}

    /** All findings, muted and gone ones, too; not older than two minutes. */
    DetectIssuesResponse of(Api api, String target) {
        Seen known = seen.get(target);
        return known == null || known.taken().isBefore(clock.instant().minus(FRESH))
                ? again(api, target)
                : known.answer();
    }

    /** The same, looked at now. */
    DetectIssuesResponse again(Api api, String target) {
        DetectIssuesResponse answer = api.maintenance()
                .withDeadlineAfter(PATIENCE_MINUTES, TimeUnit.MINUTES)
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget(target)
                        .setIncludeMuted(true)
                        .setIncludeGone(true)
                        .build());
        seen.put(target, new Seen(answer, clock.instant()));
        return answer;
    }

    /** Something about its findings was changed. */
    void forget(String target) {
        seen.remove(target);
    }
}
