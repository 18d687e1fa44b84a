package dev.caretaker.server.api.security;

import dev.caretaker.server.config.HttpConfig;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Who may read metrics: anybody, unless there is a file of tokens; then who sends {@code Authorization: Bearer TOKEN}. */
@Singleton
public final class MetricsReaders {
    private static final String BEARER = "Bearer ";

    private final Optional<Tokens> tokens;

    MetricsReaders(HttpConfig config) {
        this.tokens = config.metricsTokens().map(file -> new Tokens(HttpConfig.METRICS_TOKENS_KEY, file));
    }

    /** @param authorization that header; null if there is none */
    public boolean mayRead(String authorization) {
        boolean bearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return tokens.isEmpty()
                || bearer
                        && tokens.get()
                                .nameOf(authorization.substring(BEARER.length()).strip())
                                .isPresent();
    }

    /** What is wrong with that file as it is now, as a clause; empty if nothing is, or there is none. */
    public Optional<String> problem() {
        return tokens.flatMap(Tokens::problem);
    }
}
