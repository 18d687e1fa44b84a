package dev.caretaker.cli.issues;

import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.CancelQueriesRequest;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** Which queries are looked at. */
final class QueryOptions {
    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Shortest run time, at least 1s.")
    private Duration olderThan;

    @Option(
            names = "--exclude-user",
            paramLabel = "NAME",
            split = ",",
            description = "Leave queries of this user alone. May be given several times.")
    private List<String> users = List.of();

    @Option(
            names = "--exclude-application",
            paramLabel = "NAME",
            split = ",",
            description = "Leave queries of this application alone. May be given several times.")
    private List<String> applications = List.of();

    /** A request for these, which cancels nothing yet. */
    CancelQueriesRequest.Builder request(Duration usually) {
        return CancelQueriesRequest.newBuilder()
                .setTarget(target)
                .setOlderThan(Durations.toProto(olderThan == null ? usually : olderThan))
                .addAllExcludeUsers(users)
                .addAllExcludeApplications(applications);
    }
}
