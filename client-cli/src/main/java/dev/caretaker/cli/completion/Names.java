package dev.caretaker.cli.completion;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.targets.TargetList;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.Check;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListChecksRequest;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListPartitionSetsResponse;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.ListRoutinesRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.ListSchedulesResponse;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.Routine;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.Target;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Kinds of names that the server knows. */
enum Names {
    NONE,
    TARGETS,
    POLICIES,
    ROUTINES,
    RUNS,
    SETS,
    CONVERSIONS,
    SCHEDULES,
    HOLDS,
    CHANNELS,
    CHECKS;

    /** More would not be looked through. */
    private static final int MOST_RUNS = 50;

    static Names ofOption(String name) {
        return switch (name) {
            case "--target" -> TARGETS;
            case "--check" -> CHECKS;
            case "--run" -> RUNS;
            case "--channel" -> CHANNELS;
            case "--set" -> SETS;
            default -> NONE;
        };
    }

    /** Of a value that belongs to no option: its label says what it is. */
    static Names ofParameter(PositionalParamSpec parameter) {
        return switch (parameter.paramLabel()) {
            case "TARGET" -> TARGETS;
            case "POLICY" -> POLICIES;
            case "ROUTINE" -> ROUTINES;
            case "RUN" -> RUNS;
            case "SET" -> SETS;
            case "CONVERSION" -> CONVERSIONS;
            case "SCHEDULE" -> SCHEDULES;
            case "HOLD" -> HOLDS;
            case "CHANNEL" -> CHANNELS;
            default -> NONE;
        };
    }

    /** @param before the words before, which may name a target */
    List<String> read(Session session, List<String> before) {
        return switch (this) {
            case NONE -> List.of();
            case TARGETS ->
                TargetList.read(session).getTargetsList().stream()
                        .map(Target::getName)
                        .toList();
            case POLICIES -> policies(session, valueOf("--target", before));
            case ROUTINES ->
                session
                        .connection()
                        .maintenance()
                        .listRoutines(ListRoutinesRequest.getDefaultInstance())
                        .getRoutinesList()
                        .stream()
                        .map(Routine::getName)
                        .toList();
            case RUNS ->
                session
                        .connection()
                        .runs()
                        .listRuns(ListRunsRequest.newBuilder()
                                .setPageSize(MOST_RUNS)
                                .build())
                        .getRunsList()
                        .stream()
                        .map(Run::getRunId)
                        .toList();
            case SETS -> sets(session, valueOf("--target", before));
            case CONVERSIONS ->
                session
                        .connection()
                        .conversions()
                        .listConversions(ListConversionsRequest.getDefaultInstance())
                        .getConversionsList()
                        .stream()
                        .map(Conversion::getConversionId)
                        .toList();
            case SCHEDULES -> schedules(session);
            case CHANNELS ->
                session
                        .connection()
                        .notifications()
                        .listChannels(ListChannelsRequest.getDefaultInstance())
                        .getChannelsList()
                        .stream()
                        .map(Channel::getName)
                        .toList();
            case HOLDS ->
                session.connection().holds().listHolds(ListHoldsRequest.getDefaultInstance()).getHoldsList().stream()
                        .map(Hold::getHoldId)
                        .toList();
            case CHECKS ->
                session
                        .connection()
                        .issues()
                        .listChecks(ListChecksRequest.getDefaultInstance())
                        .getChecksList()
                        .stream()
                        .map(Check::getCheckId)
                        .toList();
        };
    }

    private static List<String> policies(Session session, String target) {
        List<String> names = new ArrayList<>();
        Pages.each(
                token -> session.connection()
                        .policies()
                        .listPolicies(ListPoliciesRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListPoliciesResponse::getNextPageToken,
                page -> page.getPoliciesList().stream().map(Policy::getName).forEach(names::add));
        return names;
    }

    private static List<String> schedules(Session session) {
        List<String> names = new ArrayList<>();
        Pages.each(
                token -> session.connection()
                        .schedules()
                        .listSchedules(ListSchedulesRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListSchedulesResponse::getNextPageToken,
                page -> page.getSchedulesList().stream().map(Schedule::getName).forEach(names::add));
        return names;
    }

    private static List<String> sets(Session session, String target) {
        List<String> names = new ArrayList<>();
        Pages.each(
                token -> session.connection()
                        .partitions()
                        .listPartitionSets(ListPartitionSetsRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListPartitionSetsResponse::getNextPageToken,
                page -> page.getSetsList().stream().map(PartitionSet::getName).forEach(names::add));
        return names;
    }

    private static String valueOf(String option, List<String> words) {
        int place = words.indexOf(option);
        return place < 0 || place + 1 >= words.size() ? "" : words.get(place + 1);
    }
}
