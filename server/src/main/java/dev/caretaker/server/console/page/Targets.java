package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.Target;
import java.util.List;

/** What targets there are. */
final class Targets {
    private Targets() {}

    /** Their names, which forms offer. */
    static List<String> names(Api api) {
        return api
                .targets()
                .listTargets(ListTargetsRequest.newBuilder().setPageSize(1_000).build())
                .getTargetsList()
                .stream()
                .map(Target::getName)
                .toList();
    }
}
