package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Problem;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * What checks found at targets when somebody last looked here. They ask the target itself: paging and filters do not run them again,
 * and who asks while they run waits for what they find.
 */
@Singleton
final class Detections {
    private static final long PATIENCE_MINUTES = 2;

    private final Turns turns;
    private final LookupCache<Detected> targets = new LookupCache<>();

    Detections(Turns turns) {
        this.turns = turns;
    }

    /**
     * What is known of a target.
     *
     * @param found what was found when it was last looked at with success; without a time if it never was
     * @param problem why it could not be looked at since, a sentence; empty if it could
     */
    record Detected(DetectIssuesResponse found, String problem) {}

    /** All findings, muted and gone ones, too; not older than two minutes if the target answers. */
    Detected of(Api api, String target) {
        return targets.fresh(target).orElseGet(() -> again(api, target));
    }

    /** The same, looked at now. */
    Detected again(Api api, String target) {
        return targets.again(target, () -> turns.take(target, () -> look(api, target)));
    }

    private Detected look(Api api, String target) {
        try {
            return new Detected(
                    api.maintenance()
                            .withDeadlineAfter(PATIENCE_MINUTES, TimeUnit.MINUTES)
                            .detectIssues(DetectIssuesRequest.newBuilder()
                                    .setTarget(target)
                                    .setIncludeMuted(true)
                                    .setIncludeGone(true)
                                    .build()),
                    "");
        } catch (StatusRuntimeException e) {
            return new Detected(
                    targets.last(target).map(Detected::found).orElse(DetectIssuesResponse.getDefaultInstance()),
                    away(e));
        }
    }

    /** Of a target that does not answer the page says so, and lets one choose another. */
    private static String away(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, FAILED_PRECONDITION ->
                Problem.of(e).message();
            default -> throw e;
        };
    }

    /** Something about its findings was changed. */
    void forget(String target) {
        targets.spoil(target);
    }
}
