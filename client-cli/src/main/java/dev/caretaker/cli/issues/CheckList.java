package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
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
        String token = "";
        do {
            ListChecksResponse page = session.connection()
                    .issues()
                    .listChecks(ListChecksRequest.newBuilder()
                            .setTarget(target)
                            .setPageToken(token)
                            .build());
            all.addAllChecks(page.getChecksList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return all.build();
    }
}
