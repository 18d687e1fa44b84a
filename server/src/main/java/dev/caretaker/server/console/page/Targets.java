package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.Target;
import java.util.List;

/** What targets there are. */
final class Targets {
    private static final int PAGE = 1_000;

    private Targets() {}

    /** Their names, which forms offer. */
    static List<String> names(Api api) {
        return Whole.of(
                        token -> api.targets()
                                .listTargets(ListTargetsRequest.newBuilder()
                                        .setPageSize(PAGE)
                                        .setPageToken(token)
                                        .build()),
                        ListTargetsResponse::getTargetsList,
                        ListTargetsResponse::getNextPageToken)
                .stream()
                .map(Target::getName)
                .toList();
    }
}
