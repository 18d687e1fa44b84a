package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.TypedId;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.Run;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which run a command is about: by its id, by as much of its beginning as no other run has, or the last one. */
public final class RunArgument {
    private static final int PAGE = 1_000;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            description = "Id of the run, or its beginning: four characters or more that no other run has.")
    private String given;

    @Option(names = "--last", description = "The run that was accepted last.")
    private boolean last;

    boolean isGiven() {
        return given != null || last;
    }

    /** The whole id. */
    String resolve(Session session) {
        if (given != null && last) {
            throw CommandFailure.usage("--last goes without the id of a run");
        }
        if (last) {
            return latest(session);
        }
        if (given == null) {
            throw CommandFailure.usage("which run? Give its id, the beginning of it, or --last");
        }
        return whole(session, given);
    }

    /** The whole id of the run of which this is the id or its beginning. */
    public static String whole(Session session, String given) {
        return TypedId.whole(given, "run", () -> all(session));
    }

    private static String latest(Session session) {
        return page(session, "", 1).getRunsList().stream()
                .map(Run::getRunId)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(ExitCode.REFUSED, "there has been no run yet"));
    }

    private static List<String> all(Session session) {
        List<String> ids = new ArrayList<>();
        Pages.each(
                token -> page(session, token, PAGE),
                ListRunsResponse::getNextPageToken,
                page -> page.getRunsList().stream().map(Run::getRunId).forEach(ids::add));
        return ids;
    }

    private static ListRunsResponse page(Session session, String token, int size) {
        return session.connection()
                .runs()
                .listRuns(ListRunsRequest.newBuilder()
                        .setPageSize(size)
                        .setPageToken(token)
                        .build());
    }
}
