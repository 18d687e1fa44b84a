package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import java.util.List;

/**
 * Targets by name.
 *
 * @param name a part of the names that are meant; empty: all
 * @param number of those that are meant
 * @param targets those of this page
 * @param looking how many of these are being looked at for the first time
 * @param after the name after which this page begins; empty for the first
 * @param next the same of the next page; empty if there is none
 */
public record TargetsView(String name, int number, List<TargetLine> targets, int looking, String after, String next) {

    /** Address of this page. */
    public String here() {
        return href(after);
    }

    /** Address of the page that begins after a name. */
    public String href(String begin) {
        return Links.to("/targets", "name", name, "after", begin);
    }
}
