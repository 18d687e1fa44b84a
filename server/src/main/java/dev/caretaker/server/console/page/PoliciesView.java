package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.Policy;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Policies of a page, by target.
 *
 * @param target only its policies; empty: those of all
 * @param targets that may be chosen
 * @param all how many a target has, of those that may have more on other pages
 * @param planning plans that are being made at this server
 * @param page token of this page; empty for the first
 * @param next token of the next page; empty if there is none
 */
public record PoliciesView(
        String target,
        List<String> targets,
        SortedMap<String, List<Policy>> byTarget,
        Map<String, Integer> all,
        List<Planning> planning,
        String page,
        String next) {

    /**
     * A plan that is being made.
     *
     * @param href of its page
     */
    public record Planning(String target, Timestamp since, String href) {}

    /** How many policies of a target are on other pages. */
    public int elsewhere(String of) {
        int here = byTarget.get(of).size();
        return all.getOrDefault(of, here) - here;
    }

    /** How many policies a target has. */
    public int all(String of) {
        return byTarget.get(of).size() + elsewhere(of);
    }

    /** Address of the first page; empty on that one. */
    public String firstHref() {
        return page.isEmpty() ? "" : Links.to("/policies", "target", target);
    }

    /** Address of the next page; empty if there is none. */
    public String nextHref() {
        return next.isEmpty() ? "" : Links.to("/policies", "target", target, "page", next);
    }
}
