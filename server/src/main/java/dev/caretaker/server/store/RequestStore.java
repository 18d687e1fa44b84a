package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ControlStore.Tx;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * Which requests were made, and the audit of them. Both are written in the same transactions, so that nothing is acted on
 * without a record. Times are the database's, because several servers share them.
 */
@Singleton
public class RequestStore {
    private static final Collector<CharSequence, ?, String> ARRAY = Collectors.joining(",", "{", "}");
    private static final int TEXT_LENGTH = 2_000;

    private final ControlStore store;

    RequestStore(ControlStore store) {
        this.store = store;
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

        /** Another attempt is at it. */
        record Busy() implements Claim {}

        /** The id was used for something else. */
        record Reused(String method) implements Claim {}
    }

    /** Claims the request: exactly one caller gets {@link Claim.Mine} at a time. */
    public Claim claim(Request request) {
        return store.transaction(tx -> {
            Attempt attempt = new Attempt(request.id().orElseThrow(), UUID.randomUUID());
            int inserted = tx.update(
                    "request_insert",
                    request.id(),
                    request.method(),
                    request.fingerprint(),
                    Json.write(request.actor()),
                    attempt.id());
            Claim claim = inserted == 1
                    ? new Claim.Mine(attempt, false)
                    : tx.first("request_lock", row -> found(request, attempt, row), request.id())
                            .orElseGet(Claim.Busy::new);
            if (claim instanceof Claim.Mine) {
                if (inserted == 0) {
                    tx.update("request_take_over", attempt.id(), request.id());
                }
                insertAudit(tx, request, Optional.of(attempt.id()), "STARTED", "", "");
            }
            return claim;
        });
    }

    private static Claim found(Request request, Attempt attempt, ResultSet row) throws SQLException {
        boolean same = row.getString("method").equals(request.method())
                && Arrays.equals(row.getBytes("fingerprint"), request.fingerprint());
        if (!same) {
            return new Claim.Reused(row.getString("method"));
        }
        return switch (row.getString("state")) {
            case "DONE" -> new Claim.Answered(row.getBytes("answer"));
            case "FAILED" -> new Claim.Mine(attempt, row.getBoolean("acted"));
            default -> row.getBoolean("silent") ? new Claim.Mine(attempt, row.getBoolean("acted")) : new Claim.Busy();
        };
    }

    /**
     * Notes, in the action's own transaction, that the action happened.
     *
     * @throws CaretakerException REQUEST_IN_PROGRESS if the attempt was taken over meanwhile: the transaction must not be
     *     committed
     */
    public void acted(Tx tx, Attempt attempt) {
        if (tx.update("request_acted", attempt.requestId(), attempt.id()) == 0) {
            throw CaretakerException.of(
                    Reason.REQUEST_IN_PROGRESS, "This request took so long that another attempt has taken it over.");
        }
    }

    /** The action went well. {@code result} is added to the summary; its "target" is the target. */
    public void done(Attempt attempt, byte[] answer, Map<String, String> result) {
        String json = json(result);
        store.transaction(tx -> {
            tx.update("request_done", answer, attempt.requestId(), attempt.id());
            return tx.update("audit_ok", json, json, attempt.id());
        });
    }

    /** The action failed: the request may be tried again. */
    public void failed(Attempt attempt, Reason reason, String message) {
        store.transaction(tx -> {
            tx.update("request_failed", attempt.requestId(), attempt.id());
            return tx.update("audit_refused", reason.name(), printable(message), attempt.id());
        });
    }

    /** Records what was refused before anything began. */
    public void refused(Request request, Reason reason, String message) {
        store.transaction(tx -> {
            insertAudit(tx, request, Optional.empty(), "REFUSED", reason.name(), message);
            return null;
        });
    }

    /** Signs of life of attempts that are still acting. */
    public void alive(Collection<Attempt> attempts) {
        store.update(
                "requests_alive",
                attempts.stream().map(attempt -> attempt.requestId().toString()).collect(ARRAY),
                attempts.stream().map(attempt -> attempt.id().toString()).collect(ARRAY));
    }

    /** Forgets requests older than seven days. Returns how many. */
    public int prune() {
        return store.update("requests_prune");
    }

    private static void insertAudit(
            Tx tx, Request request, Optional<UUID> attempt, String outcome, String reason, String message) {
        tx.update(
                "audit_insert",
                printable(request.actor().name()),
                request.actor().verified(),
                request.method(),
                request.id(),
                attempt,
                printable(request.target()),
                json(request.summary()),
                outcome,
                reason,
                printable(message));
    }

    private static String json(Map<String, String> values) {
        return Json.write(values.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> printable(entry.getValue()))));
    }

    /** Refused requests may hold anything of any length, and Postgres keeps no NUL in text. */
    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), TEXT_LENGTH)).replace('\0', '\uFFFD');
    }
}
