package dev.caretaker.server.api.security;

import dev.caretaker.server.config.CaretakerConfig;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Who may call by token, and whether the file that says so can be read. */
@Singleton
public final class KnownCallers {
    /** Key of the configuration that names the tokens file. */
    public static final String KEY = "caretaker.listen.tokens-file";

    private final Optional<Tokens> tokens;

    KnownCallers(CaretakerConfig config) {
        this.tokens = config.listen().tokensFile().map(file -> new Tokens(KEY, file));
    }

    /** Name of the caller who knows this token. */
    Optional<String> nameOf(String token) {
        return tokens.flatMap(known -> known.nameOf(token));
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
