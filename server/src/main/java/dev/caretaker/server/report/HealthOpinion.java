package dev.caretaker.server.report;

import java.util.List;

/** Says how a target is, as GetHealth does. Implemented by those who bring the rooms together. */
@FunctionalInterface
public interface HealthOpinion {

    /** Looks at the target now; one that cannot be reached is an answer. Fails with TARGET_NOT_FOUND. */
    Opinion of(String target);

    /**
     * How it is.
     *
     * @param reasons gravest first
     */
    record Opinion(Verdict verdict, List<Reason> reasons, long reasonsLeftOut) {}

    /**
     * One reason.
     *
     * @param code stable
     * @param id what tells more; may be empty
     */
    record Reason(Verdict verdict, String code, String message, String id) {}

    /** How well, best first. */
    enum Verdict {
        GOOD,
        ATTENTION,
        CRITICAL
    }
}
