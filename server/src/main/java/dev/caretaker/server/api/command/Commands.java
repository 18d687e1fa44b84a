package dev.caretaker.server.api.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.security.Caller;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Origin;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.RequestStore;
import dev.caretaker.server.store.RequestStore.Attempt;
import dev.caretaker.server.store.RequestStore.Claim;
import dev.caretaker.server.store.RequestStore.Request;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Does mutations: reads the request, claims its id, acts, keeps the answer, and records all of it.
 *
 * <p>The same id never acts twice. Whoever inserts the id first acts; the same request again gets the first answer, a
 * different one is refused. A failed attempt may be repeated with the same content. An attempt that was cut short (its
 * server died) is taken over by the next one with the same content after half a minute of silence. Whether it had acted by
 * then is known, because the transaction in which an action first writes to the control store also marks the request
 * ({@link ControlStore#witnessed}): either both happened or neither did, and an attempt that was taken over can no longer
 * mark, hence not act. If it had acted, the command tells from the state of the world what the answer would have been
 * ({@link Command#recover}).
 */
@Singleton
public final class Commands {
    /** How long a repeated request waits for the first one's answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final RequestStore requests;
    private final Pulse pulse;

    Commands(RequestStore requests, Pulse pulse) {
        this.requests = requests;
        this.pulse = pulse;
    }

    /**
     * Does what the request asks, once.
     *
     * @param message request with the fields request_id and actor
     * @param answers reads stored answers
     * @param reader reads the rest of the request and adds what is wrong to the violations; what it returns is acted on
     *     only if there were none
     */
    public <A extends Message> A execute(Message message, Parser<A> answers, Function<Violations, Command<A>> reader) {
        Violations violations = new Violations();
        Optional<UUID> id = Optional.ofNullable(violations.uuid("request_id", RequestMessage.requestId(message)));
        Actor actor = Caller.actor(violations.text("actor", RequestMessage.actor(message)));
        Command<A> command = reader.apply(violations);
        Request request = new Request(
                id,
                RequestMessage.method(message),
                RequestMessage.fingerprint(message),
                actor,
                command.target(),
                command.summary());
        switch (claim(request, violations)) {
            case Claim.Mine mine -> {
                return act(mine, actor, command);
            }
            case Claim.Answered answered -> {
                return parse(answers, answered);
            }
            case Claim.Busy busy -> throw refused(request, inProgress(busy.takeOver()));
            case Claim.Reused reused ->
                throw refused(
                        request,
                        CaretakerException.of(
                                Reason.REQUEST_ID_REUSED,
                                "This request id was used before, by " + reused.method() + " with other content."));
        }
    }

    /**
     * The same for a request that may be meant to be validated only: then nothing comes of it, so its id is not claimed and it is in
     * no audit.
     */
    public <A extends Message> A execute(
            Message message, boolean validateOnly, Parser<A> answers, Function<Violations, Command<A>> reader) {
        return validateOnly ? validated(message, reader) : execute(message, answers, reader);
    }

    private static <A extends Message> A validated(Message message, Function<Violations, Command<A>> reader) {
        Violations violations = new Violations();
        violations.uuid("request_id", RequestMessage.requestId(message));
        Actor actor = Caller.actor(violations.text("actor", RequestMessage.actor(message)));
        Command<A> command = reader.apply(violations);
        violations.check();
        return command.act().apply(actor);
    }

    /**
     * Does what is done anew however often it is asked for, as a look that takes its time, and records who asked and how it ended.
     *
     * @param message its request, which has no id
     */
    public <A extends Message> A record(Message message, Actor actor, Command<A> command) {
        Request request = new Request(
                Optional.of(UUID.randomUUID()),
                RequestMessage.method(message),
                Sha256.of(message.toByteArray()),
                actor,
                command.target(),
                command.summary());
        if (requests.claim(request) instanceof Claim.Mine mine) {
            return act(mine, actor, command);
        }
        throw new IllegalStateException("an id that was just made was used before");
    }

    /** Whoever works on it may have died: then somebody else may take it over soon. */
    private static CaretakerException inProgress(Duration takeOver) {
        long seconds = Math.max(1, takeOver.plusMillis(999).toSeconds());
        return CaretakerException.of(
                Reason.REQUEST_IN_PROGRESS,
                "The first request with this id is still being worked on; try again in " + seconds
                        + " s, when it has ended or may be taken over.",
                Map.of(CaretakerException.RETRY_SECONDS, Long.toString(seconds)));
    }

    private Claim claim(Request request, Violations violations) {
        try {
            violations.check();
        } catch (CaretakerException e) {
            throw refused(request, e);
        }
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Claim claim = requests.claim(request);
        while (claim instanceof Claim.Busy && System.nanoTime() < giveUp && rest()) {
            claim = requests.claim(request);
        }
        return claim;
    }

    /** False if the wait was interrupted. */
    private static boolean rest() {
        try {
            Thread.sleep(LOOK_AGAIN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private <A extends Message> A act(Claim.Mine mine, Actor actor, Command<A> command) {
        Attempt attempt = mine.attempt();
        try (var _ = pulse.of(attempt)) {
            Optional<A> recovered = mine.acted() ? command.recover().get() : Optional.empty();
            A answer = recovered.orElseGet(() -> ControlStore.witnessed(
                    () -> requests.acted(attempt),
                    () -> Origin.within(
                            new Origin(CallerTrace.current(), List.of()),
                            () -> command.act().apply(actor))));
            requests.done(attempt, answer.toByteArray(), command.result().apply(answer));
            return answer;
        } catch (CaretakerException e) {
            recordFailure(attempt, e.reason(), e.getMessage(), e);
            throw e;
        } catch (RuntimeException e) {
            recordFailure(attempt, Reason.INTERNAL, e.getClass().getName(), e);
            throw e;
        }
    }

    private void recordFailure(Attempt attempt, Reason reason, String message, RuntimeException failure) {
        try {
            requests.failed(attempt, reason, message);
        } catch (CaretakerException e) {
            // Without a record the attempt goes silent, and the next one takes over.
            failure.addSuppressed(e);
        }
    }

    private CaretakerException refused(Request request, CaretakerException refusal) {
        requests.refused(request, refusal.reason(), refusal.getMessage());
        return refusal;
    }

    private static <A extends Message> A parse(Parser<A> answers, Claim.Answered answered) {
        try {
            return answers.parseFrom(answered.answer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored answer cannot be read", e);
        }
    }
}
