package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Links;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.report.page.Show;
import java.util.List;

/**
 * The part of a list that may be long which a page shows, a hundred at most, and the way to the others.
 *
 * @param shown those of this page
 * @param from how many stand on pages before it
 * @param all how many there are
 * @param path of the page, below that of the console
 */
public record ListPart<T>(List<T> shown, int from, int all, String path) {
    private static final int MOST = 100;

    /** Those that the address asks for: it says how many to leave out, of the whole of it nobody asks for all. */
    static <T> ListPart<T> of(Request request, String path, List<T> list) {
        return of(path, from(request), list);
    }

    static <T> ListPart<T> of(String path, int from, List<T> list) {
        return new ListPart<>(list.stream().skip(from).limit(MOST).toList(), from, list.size(), path);
    }

    /** How many stand on pages before: what an address says, which anybody may write. */
    static int from(Request request) {
        String text = request.query("from");
        if (text.isEmpty()) {
            return 0;
        }
        int from;
        try {
            from = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("from has to be a number that is not too large.");
        }
        if (from < 0) {
            throw new BadRequest("from has to be 0 or more.");
        }
        return from;
    }

    /** Address of the first page; empty on that one. */
    public String first() {
        return from == 0 ? "" : Links.to(path);
    }

    /** Address of the next page; empty if there is none. */
    public String next() {
        return all - MOST > from ? Links.to(path, "from", Integer.toString(from + MOST)) : "";
    }

    /** How many stand on pages after this one. */
    public String left() {
        return Show.count(Math.max(0, all - MOST - from)) + " more of " + Show.count(all);
    }
}
