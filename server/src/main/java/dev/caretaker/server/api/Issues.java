package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.FindingWriter;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.detect.Detection;
import dev.caretaker.server.detect.Detector;
import dev.caretaker.server.detect.LongQueries;
import dev.caretaker.v1.CancelQueriesRequest;
import dev.caretaker.v1.CancelQueriesResponse;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.LongQuery;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of MaintenanceService that looks for what is wrong. */
@Singleton
final class Issues {
    private static final Duration USUAL_AGE = Duration.ofMinutes(10);
    private static final Duration LEAST_AGE = Duration.ofSeconds(1);
    private static final Duration MOST_AGE = Duration.ofDays(365);
    private static final int MOST_NAMES = 100;

    private final Detector detector;
    private final LongQueries longQueries;
    private final Commands commands;

    Issues(Detector detector, LongQueries longQueries, Commands commands) {
        this.detector = detector;
        this.longQueries = longQueries;
        this.commands = commands;
    }

    DetectIssuesResponse detect(DetectIssuesRequest request) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        var minimum = FindingWriter.read(violations, "minimum_severity", request.getMinimumSeverity());
        return FindingWriter.write(violations.checked(() -> detector.detect(new Detection.Request(
                request.getTarget(),
                request.getChecksList(),
                minimum,
                request.getThresholdsMap(),
                request.getIncludeMuted(),
                request.getIncludeGone()))));
    }

    CancelQueriesResponse cancel(CancelQueriesRequest request) {
        return commands.execute(request, CancelQueriesResponse.parser(), violations -> {
            violations.required("target", request.getTarget());
            Duration olderThan = request.hasOlderThan()
                    ? Times.read(
                            violations,
                            "older_than",
                            request.getOlderThan(),
                            LEAST_AGE,
                            MOST_AGE,
                            "1 second to 365 days")
                    : USUAL_AGE;
            names(violations, "exclude_users", request.getExcludeUsersList());
            names(violations, "exclude_applications", request.getExcludeApplicationsList());
            return new Command<>(
                    request.getTarget(),
                    Map.of(
                            "cancel", Boolean.toString(request.getCancel()),
                            "older_than_seconds", Long.toString(olderThan == null ? 0 : olderThan.toSeconds())),
                    actor -> FindingWriter.write(longQueries.find(new LongQueries.Request(
                            request.getTarget(),
                            olderThan,
                            request.getCancel(),
                            request.getExcludeUsersList(),
                            request.getExcludeApplicationsList()))),
                    // Queries that were cancelled are gone; the others are judged anew.
                    Optional::empty,
                    answer -> Map.of(
                            "listed",
                            Integer.toString(answer.getQueriesCount()),
                            "cancelled",
                            Long.toString(answer.getQueriesList().stream()
                                    .filter(LongQuery::getCancelled)
                                    .count())));
        });
    }

    private static void names(Violations violations, String path, List<String> names) {
        violations.require(names.size() <= MOST_NAMES, path, "must hold at most 100 names");
        for (int i = 0; i < Math.min(names.size(), MOST_NAMES); i++) {
            violations.required(path + "[" + i + "]", names.get(i));
        }
    }
}
