package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which run a command is about: by its id, by as much of its beginning as no other run has, or the last one. */
public final class RunArgument {
    private static final Pattern WHOLE = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-fA-F][0-9a-fA-F-]{3,35}");
    private static final int PAGE = 1_000;
    /** Runs that are told when several are meant. */
    private static final int TOLD = 5;

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
        return WHOLE.matcher(given).matches() ? given : beginning(session, given);
    }

    private static String latest(Session session) {
        return page(session, "", 1).getRunsList().stream()
                .map(Run::getRunId)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(ExitCode.REFUSED, "there has been no run yet"));
    }

    private static String beginning(Session session, String given) {
        if (!BEGINNING.matcher(given).matches()) {
            throw CommandFailure.usage("'" + given + "' is not the id of a run, nor four or more characters of one");
        }
        List<String> found = new ArrayList<>();
        String token = "";
        do {
            ListRunsResponse page = page(session, token, PAGE);
            page.getRunsList().stream()
                    .map(Run::getRunId)
                    .filter(id -> id.startsWith(given.toLowerCase(Locale.ROOT)))
                    .forEach(found::add);
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        if (found.isEmpty()) {
            throw new CommandFailure(ExitCode.REFUSED, "no run's id begins with " + given);
        }
        if (found.size() > 1) {
            throw CommandFailure.usage("the ids of " + found.size() + " runs begin with " + given + ": "
                    + found.stream().limit(TOLD).collect(Collectors.joining(", "))
                    + (found.size() > TOLD ? " and others" : ""));
        }
        return found.get(0);
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
