package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;

/**
 * Which times of schedules are listed.
 *
 * @param schedule empty: of all
 * @param target empty: at all
 * @param idle only those at which nothing started
 */
public record FireFilter(String schedule, String target, boolean idle) {

    /** Address of the list's page that begins there. */
    public String href(String pageToken) {
        return Links.to("/fires", "schedule", schedule, "target", target, "idle", idle ? "1" : "", "page", pageToken);
    }
}
