package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.v1.ListChecksRequest;
import dev.caretaker.v1.ListChecksResponse;

/** All checks there are. */
final class CheckList {
    private CheckList() {}

    /**
     * Reads all pages.
     *
     * @param target with the thresholds of this target; empty for those of all
     */
    static ListChecksResponse read(Session session, String target) {
        ListChecksResponse.Builder all = ListChecksResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .issues()
                        .listChecks(ListChecksRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListChecksResponse::getNextPageToken,
                page -> all.addAllChecks(page.getChecksList()));
        return all.build();
    }
}
