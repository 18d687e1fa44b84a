package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which requests were made, and the audit of them. Both are written in the same transactions, so that nothing is acted on
 * without a record. Times are the database's, because several servers share them.
 */
@ControlStoreRepository
public abstract class RequestStore implements GenericRepository<RequestStore.RequestRow, UUID> {
    private static final int TEXT_LENGTH = 2_000;
    /** An attempt that gives no sign of life for so long is dead, or as good as. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final ControlStore store;

    RequestStore(ControlStore store) {
        this.store = store;
    }

    /**
     * A request as the control store keeps it.
     *
     * @param answer empty unless it was answered
     * @param silence milliseconds since the attempt that works on it, if any, gave a sign of life
     */
    @MappedEntity("request")
    record RequestRow(
            @Id UUID requestId,
            String method,
            byte[] fingerprint,
            String state,
            boolean acted,
            byte[] answer,
            long silence) {

        Claim claim(Request request, Attempt attempt) {
            if (!method.equals(request.method()) || !Arrays.equals(fingerprint, request.fingerprint())) {
                return new Claim.Reused(method);
            }
            return switch (state) {
                case "DONE" -> new Claim.Answered(answer);
                case "FAILED" -> new Claim.Mine(attempt, acted);
                default -> unfinished(attempt);
            };
        }

        private Claim unfinished(Attempt attempt) {
            Duration left = SILENCE.minusMillis(silence);
            return left.isPositive() ? new Claim.Busy(left) : new Claim.Mine(attempt, acted);
        }
    }

    /**
     * A mutation as it was asked for.
     *
     * @param id the caller's request id; empty only for what is refused because it has none
     * @param method name of the RPC
     * @param fingerprint hash of the content
     * @param target name of the target as far as the request tells it; may be empty
     * @param summary what was asked, in a few words by name
     */
    public record Request(
            Optional<UUID> id,
            String method,
            byte[] fingerprint,
            Actor actor,
            String target,
            Map<String, String> summary) {}

    /** One try to act on a request. */
    public record Attempt(UUID requestId, UUID id) {}

    /** What became of trying to claim a request. */
    public sealed interface Claim {
        /**
         * The caller is to act.
         *
         * @param acted whether an attempt before it, cut short, has changed something already
         */
        record Mine(Attempt attempt, boolean acted) implements Claim {}

        /** It was acted on. */
        record Answered(byte[] answer) implements Claim {}

        /**
         * Another attempt is at it.
         *
         * @param takeOver time after which it may be taken over, if it gives no sign of life until then
         */
        record Busy(Duration takeOver) implements Claim {}

        /** The id was used for something else. */
        record Reused(String method) implements Claim {}
    }

    /** Claims the request: exactly one caller gets {@link Claim.Mine} at a time. */
    public Claim claim(Request request) {
        return store.transaction(() -> {
            UUID id = request.id().orElseThrow();
            Attempt attempt = new Attempt(id, UUID.randomUUID());
            boolean first = insert(id, request.method(), request.fingerprint(), request.actor(), attempt.id()) == 1;
            Claim claim = first
                    ? new Claim.Mine(attempt, false)
                    : lock(id).map(row -> row.claim(request, attempt)).orElseGet(() -> new Claim.Busy(SILENCE));
            if (claim instanceof Claim.Mine) {
                if (!first) {
                    takeOver(id, attempt.id());
                }
                audit(request, attempt.id(), "STARTED", "", "");
            }
            return claim;
        });
    }

    /**
     * Notes, in the action's own transaction, that the action happened.
     *
     * @throws CaretakerException REQUEST_IN_PROGRESS if the attempt was taken over meanwhile: the transaction must not be
     *     committed
     */
    public void acted(Attempt attempt) {
        if (acted(attempt.requestId(), attempt.id()) == 0) {
            throw CaretakerException.of(
                    Reason.REQUEST_IN_PROGRESS, "This request took so long that another attempt has taken it over.");
        }
    }

    /** The action went well. {@code result} is added to the summary; its "target" is the target. */
    public void done(Attempt attempt, byte[] answer, Map<String, String> result) {
        store.transaction(() -> {
            done(attempt.requestId(), attempt.id(), answer);
            return auditOk(attempt.id(), json(result));
        });
    }

    /** The action failed: the request may be tried again. */
    public void failed(Attempt attempt, Reason reason, String message) {
        store.transaction(() -> {
            failed(attempt.requestId(), attempt.id());
            return auditRefused(attempt.id(), reason.name(), printable(message));
        });
    }

    /** Records what was refused before anything began. */
    public void refused(Request request, Reason reason, String message) {
        audit(request, null, "REFUSED", reason.name(), message);
    }

    /** Records what Caretaker did by itself, in the transaction in which it did it. */
    void byItself(String method, String target, Map<String, String> summary) {
        audit(
                Actor.ENGINE.name(),
                Actor.ENGINE.verified(),
                method,
                null,
                null,
                printable(target),
                json(summary),
                "OK",
                "",
                "");
    }

    /** Signs of life of attempts that are still acting; never none. */
    public void alive(Collection<Attempt> attempts) {
        alive(
                attempts.stream().map(Attempt::requestId).toList(),
                attempts.stream().map(Attempt::id).toList());
    }

    private void audit(Request request, @Nullable UUID attempt, String outcome, String reason, String message) {
        audit(
                printable(request.actor().name()),
                request.actor().verified(),
                request.method(),
                request.id().orElse(null),
                attempt,
                printable(request.target()),
                json(request.summary()),
                outcome,
                reason,
                printable(message));
    }

    @Query("""
            INSERT INTO caretaker.request (request_id, method, fingerprint, actor, state, attempt)
            VALUES (:id, :method, :fingerprint, :actor, 'STARTED', :attempt)
            ON CONFLICT (request_id) DO NOTHING""")
    abstract int insert(UUID id, String method, byte[] fingerprint, Actor actor, UUID attempt);

    @Query("""
            SELECT request_id, method, fingerprint, state, acted, coalesce(answer, '') AS answer,
                   CAST(extract(epoch FROM now() - alive) * 1000 AS bigint) AS silence
            FROM caretaker.request
            WHERE request_id = :id
            FOR UPDATE""")
    abstract Optional<RequestRow> lock(UUID id);

    @Query("UPDATE caretaker.request SET state = 'STARTED', attempt = :attempt, alive = now() WHERE request_id = :id")
    abstract void takeOver(UUID id, UUID attempt);

    @Query("""
            UPDATE caretaker.request SET acted = true, alive = now()
            WHERE request_id = :id AND attempt = :attempt AND state = 'STARTED'""")
    abstract int acted(UUID id, UUID attempt);

    @Query("""
            UPDATE caretaker.request SET state = 'DONE', answer = :answer
            WHERE request_id = :id AND attempt = :attempt AND state = 'STARTED'""")
    abstract void done(UUID id, UUID attempt, byte[] answer);

    @Query("""
            UPDATE caretaker.request SET state = 'FAILED'
            WHERE request_id = :id AND attempt = :attempt AND state = 'STARTED'""")
    abstract void failed(UUID id, UUID attempt);

    @Query("""
            UPDATE caretaker.request SET alive = now()
            WHERE request_id IN (:ids) AND attempt IN (:attempts) AND state = 'STARTED'""")
    abstract void alive(List<UUID> ids, List<UUID> attempts);

    @Query("""
            INSERT INTO caretaker.audit
                (actor, verified, method, request_id, attempt, target, summary, outcome, reason, message)
            VALUES
                (:actor, :verified, :method, :id, :attempt, :target, :summary, :outcome, :reason, :message)""")
    abstract void audit(
            String actor,
            boolean verified,
            String method,
            @Nullable UUID id,
            @Nullable UUID attempt,
            String target,
            String summary,
            String outcome,
            String reason,
            String message);

    @Query("""
            UPDATE caretaker.audit
            SET outcome = 'OK', target = coalesce(CAST(:result AS jsonb) ->> 'target', target),
                summary = summary || CAST(:result AS jsonb)
            WHERE attempt = :attempt""")
    abstract int auditOk(UUID attempt, String result);

    @Query("""
            UPDATE caretaker.audit SET outcome = 'REFUSED', reason = :reason, message = :message
            WHERE attempt = :attempt""")
    abstract int auditRefused(UUID attempt, String reason, String message);

    private static String json(Map<String, String> values) {
        return Json.write(values.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> printable(entry.getValue()))));
    }

    /** Refused requests may hold anything of any length, and Postgres keeps no NUL in text. */
    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), TEXT_LENGTH)).replace('\0', '\uFFFD');
    }
}
