package dev.caretaker.server.console.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lists of the API, which come in pages, as wholes. */
final class Whole {
    private Whole() {}

    /**
     * All rows.
     *
     * @param page asks for the page of a token; the first has an empty one
     * @param rows of a page
     * @param next token of the page after that; empty if there is none
     */
    static <A, T> List<T> of(Function<String, A> page, Function<A, List<T>> rows, Function<A, String> next) {
        List<T> all = new ArrayList<>();
        String token = "";
        do {
            A answer = page.apply(token);
            all.addAll(rows.apply(answer));
            token = next.apply(answer);
        } while (!token.isEmpty());
        return all;
    }
}
