package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.RunKind;

/**
 * Which runs are listed.
 *
 * @param target empty: of all
 * @param kind unspecified: of all kinds
 * @param open only those that have not ended
 */
public record RunFilter(String target, RunKind kind, boolean open) {

    /** Address of the list's page that begins there. */
    public String href(String pageToken) {
        return Links.to(
                "/runs",
                "target",
                target,
                "kind",
                kind == RunKind.RUN_KIND_UNSPECIFIED ? "" : kind.name(),
                "open",
                open ? "1" : "",
                "page",
                pageToken);
    }

    public boolean isAll() {
        return target.isEmpty() && kind == RunKind.RUN_KIND_UNSPECIFIED && !open;
    }
}
