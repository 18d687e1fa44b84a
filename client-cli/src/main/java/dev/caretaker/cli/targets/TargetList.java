package dev.caretaker.cli.targets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;

/** All targets there are. */
public final class TargetList {
    private TargetList() {}

    /** Reads all pages. */
    public static ListTargetsResponse read(Session session) {
        ListTargetsResponse.Builder all = ListTargetsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .targets()
                        .listTargets(ListTargetsRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListTargetsResponse::getNextPageToken,
                page -> all.addAllTargets(page.getTargetsList()));
        return all.build();
    }
}
