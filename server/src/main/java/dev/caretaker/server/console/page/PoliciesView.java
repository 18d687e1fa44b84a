package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.Policy;
import java.util.List;
import java.util.SortedMap;

/**
 * Policies of a page, by target.
 *
 * @param target only its policies; empty: those of all
 * @param targets that may be chosen
 * @param next token of the next page; empty if there is none
 */
public record PoliciesView(String target, List<String> targets, SortedMap<String, List<Policy>> byTarget, String next) {

    /** Address of the next page. */
    public String nextHref() {
        return Links.to("/policies", "target", target, "page", next);
    }
}
