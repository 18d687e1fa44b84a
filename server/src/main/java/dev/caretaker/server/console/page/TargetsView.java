package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import java.util.List;

/**
 * Targets in pages.
 *
 * @param name a part of the names that are meant; empty: all
 * @param sort {@link #WORST}; empty: by name
 * @param number of those that are meant
 * @param targets those of this page
 * @param looking how many are being looked at for the first time, of those that this page had to know
 * @param begin where this page begins: after that name, or after so many that are as bad or worse; empty for the first
 * @param next the same of the next page; empty if there is none
 */
public record TargetsView(
        String name, String sort, int number, List<TargetLine> targets, int looking, String begin, String next) {
    /** The worst first. */
    public static final String WORST = "worst";

    public boolean isWorstFirst() {
        return sort.equals(WORST);
    }

    /** Address of this page. */
    public String here() {
        return href(begin);
    }

    /** Address of the first page; empty on that one. */
    public String firstHref() {
        return begin.isEmpty() ? "" : href("");
    }

    /** Address of the next page; empty if there is none. */
    public String nextHref() {
        return next.isEmpty() ? "" : href(next);
    }

    private String href(String where) {
        return Links.to("/targets", "name", name, "sort", sort, isWorstFirst() ? "from" : "after", where);
    }
}
