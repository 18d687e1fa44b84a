package dev.caretaker.cli.connect;

import java.util.function.Consumer;
import java.util.function.Function;

/** Lists that come in pages. */
public final class Pages {
    private Pages() {}

    /**
     * Asks for one page after the other until there are no more.
     *
     * @param ask gets the page of a token; the first one's is empty
     * @param next token of the page after this one; empty if it is the last
     */
    public static <A> void each(Function<String, A> ask, Function<A, String> next, Consumer<A> take) {
        String token = "";
        do {
            A page = ask.apply(token);
            take.accept(page);
            token = next.apply(page);
        } while (!token.isEmpty());
    }
}
