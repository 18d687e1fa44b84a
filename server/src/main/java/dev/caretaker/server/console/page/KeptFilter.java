package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;

/**
 * Which archives or backups are listed.
 *
 * @param target empty: of all
 * @param all those that are gone, failed or not done yet, too
 */
public record KeptFilter(String target, boolean all) {

    /** Address of the list's page that begins there. */
    public String href(String path, String pageToken) {
        return Links.to(path, "target", target, "all", all ? "1" : "", "page", pageToken);
    }
}
