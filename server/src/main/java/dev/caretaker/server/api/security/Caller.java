package dev.caretaker.server.api.security;

import dev.caretaker.server.store.Actor;
import io.grpc.Context;
import java.util.Optional;

/** Who makes the current call, as far as the connection proves it. */
public final class Caller {
    static final Context.Key<String> VERIFIED_NAME = Context.key("dev.caretaker.caller");

    private static final String NOBODY = "anonymous";

    private Caller() {}

    /**
     * The actor of the current call: the proven name if there is one, else the name the request claims.
     *
     * @param claimed may be empty
     */
    public static Actor actor(String claimed) {
        return Optional.ofNullable(VERIFIED_NAME.get())
                .map(name -> new Actor(name, true))
                .orElseGet(() -> new Actor(claimed.isBlank() ? NOBODY : claimed, false));
    }
}
