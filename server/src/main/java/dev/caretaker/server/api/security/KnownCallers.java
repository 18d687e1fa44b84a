package dev.caretaker.server.api.security;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.config.CaretakerConfig;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Who may call by token, and whether the file that says so can be read. */
@Singleton
public final class KnownCallers {
    /** Key of the configuration that names the tokens file. */
    public static final String KEY = "caretaker.listen.tokens-file";

    /** What is said to who is not let in. */
    public static final String WANTED =
            "This server wants a client certificate or an authorization header with a bearer token it knows.";

    private static final String BEARER = "Bearer ";

    private final Optional<Tokens> tokens;
    private final boolean required;

    KnownCallers(CaretakerConfig config) {
        this.required = config.listen().authenticates();
        this.tokens = config.listen().tokensFile().map(file -> new Tokens(KEY, file));
    }

    /** Name of the caller who knows this token. */
    Optional<String> nameOf(String token) {
        return tokens.flatMap(known -> known.nameOf(token));
    }

    /**
     * Name of the caller whose token a header has.
     *
     * @param authorization the header; null if there is none
     */
    Optional<String> nameIn(String authorization) {
        boolean bearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return bearer ? nameOf(authorization.substring(BEARER.length()).strip()) : Optional.empty();
    }

    /** Whether callers must prove who they are. */
    boolean areRequired() {
        return required;
    }

    /** Whether who asks this over HTTP might call. */
    public boolean admit(HttpExchange exchange) {
        return !required
                || Vouched.name(exchange).isPresent()
                || nameIn(exchange.getRequestHeaders().getFirst("Authorization"))
                        .isPresent();
    }

    /** Whether there is a tokens file. */
    boolean haveTokens() {
        return tokens.isPresent();
    }

    /** What is wrong with the tokens file as it is now, as a clause; empty if nothing is, or there is none. */
    public Optional<String> problem() {
        return tokens.flatMap(Tokens::problem);
    }
}
