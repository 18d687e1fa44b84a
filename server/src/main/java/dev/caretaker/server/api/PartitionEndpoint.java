package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.PartitionSetReader;
import dev.caretaker.server.api.mapping.PartitionSetWriter;
import dev.caretaker.server.api.mapping.TableNames;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.VerificationWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.partition.upkeep.set.AppliedSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.PartitionSets.SetPage;
import dev.caretaker.server.partition.upkeep.set.SetChange;
import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.partition.upkeep.verify.Verification;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPartitionSetsResponse;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.DeletePartitionSetResponse;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.GetPartitionSetResponse;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListPartitionSetsResponse;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.ListRetiredResponse;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanUpkeepResponse;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.ReattachPartitionResponse;
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.SuggestPartitionSetResponse;
import dev.caretaker.v1.VerifyPartitioningRequest;
import dev.caretaker.v1.VerifyPartitioningResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keeps partition sets and what they are about. */
@Singleton
final class PartitionEndpoint extends PartitionServiceGrpc.PartitionServiceImplBase {
    private static final int MOST_SETS = 500;
    private static final int USUAL_PAGE = 100;

    private final PartitionSets sets;
    private final PartitionRuns upkeep;
    private final RetiredStore retired;
    private final Verification verification;
    private final Commands commands;

    PartitionEndpoint(
            PartitionSets sets,
            PartitionRuns upkeep,
            RetiredStore retired,
            Verification verification,
            Commands commands) {
        this.sets = sets;
        this.upkeep = upkeep;
        this.retired = retired;
        this.verification = verification;
        this.commands = commands;
    }

    @Override
    public void applyPartitionSets(
            ApplyPartitionSetsRequest request, StreamObserver<ApplyPartitionSetsResponse> observer) {
        boolean validateOnly = request.getValidateOnly();
        Replies.send(
                observer, commands.execute(request, validateOnly, ApplyPartitionSetsResponse.parser(), violations -> {
                    List<SetChange> changes = changes(violations, request.getSetsList());
                    return new Command<>(
                            request.getSetsList().stream()
                                    .map(PartitionSet::getTarget)
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(",")),
                            Map.of(
                                    "sets",
                                    request.getSetsList().stream()
                                            .map(PartitionSet::getName)
                                            .collect(Collectors.joining(","))),
                            actor -> answer(sets.apply(changes, actor, validateOnly)),
                            () -> Optional.of(applied(request)),
                            answer -> Map.of("results", results(answer)));
                }));
    }

    @Override
    public void listPartitionSets(
            ListPartitionSetsRequest request, StreamObserver<ListPartitionSetsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, PartitionSets.LARGEST_PAGE);
        SetPage page = violations.checked(() -> sets.list(text(request.getTarget()), at.size(), at.after()));
        Replies.send(
                observer,
                ListPartitionSetsResponse.newBuilder()
                        .addAllSets(page.sets().stream()
                                .map(PartitionSetWriter::write)
                                .toList())
                        .setNextPageToken(paging.next(page.nextPageToken()))
                        .build());
    }

    @Override
    public void getPartitionSet(GetPartitionSetRequest request, StreamObserver<GetPartitionSetResponse> observer) {
        Violations violations = new Violations();
        violations.required("name", request.getName());
        StoredSet set = violations.checked(() -> sets.get(request.getName()));
        Replies.send(
                observer,
                GetPartitionSetResponse.newBuilder()
                        .setSet(PartitionSetWriter.write(set))
                        .build());
    }

    @Override
    public void deletePartitionSet(
            DeletePartitionSetRequest request, StreamObserver<DeletePartitionSetResponse> observer) {
        Replies.send(observer, commands.execute(request, DeletePartitionSetResponse.parser(), violations -> {
            violations.required("name", request.getName());
            return new Command<>(
                    "",
                    Map.of("set", request.getName()),
                    actor -> deleted(sets.delete(request.getName(), text(request.getEtag()), actor)),
                    // It is gone, and so is what it was: its name is all that can be told again.
                    () -> Optional.of(DeletePartitionSetResponse.newBuilder()
                            .setSet(PartitionSet.newBuilder().setName(request.getName()))
                            .build()),
                    answer -> Map.of("target", answer.getSet().getTarget()));
        }));
    }

    @Override
    public void suggestPartitionSet(
            SuggestPartitionSetRequest request, StreamObserver<SuggestPartitionSetResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        TableName table = TableNames.read(violations, "table", request.hasTable(), request.getTable());
        ZoneId zone = Times.zone(violations, "zone", request.getZone());
        Optional<ZoneId> named = request.getZone().isEmpty() ? Optional.empty() : Optional.of(zone);
        PartitionSets.Suggested suggested = violations.checked(() -> sets.suggest(request.getTarget(), table, named));
        Replies.send(
                observer,
                SuggestPartitionSetResponse.newBuilder()
                        .setSet(PartitionSetWriter.write(suggested.set()))
                        .addAllNotes(suggested.notes())
                        .build());
    }

    @Override
    public void planUpkeep(PlanUpkeepRequest request, StreamObserver<PlanUpkeepResponse> observer) {
        Replies.send(observer, upkeep.plan(request));
    }

    @Override
    public void executeUpkeep(ExecuteUpkeepRequest request, StreamObserver<ExecuteUpkeepResponse> observer) {
        upkeep.execute(request, observer);
    }

    @Override
    public void listRetired(ListRetiredRequest request, StreamObserver<ListRetiredResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, PartitionSets.LARGEST_PAGE);
        long before = at.after().map(Long::parseLong).orElse(Long.MAX_VALUE);
        List<RetiredRow> found = violations.checked(() -> retired.list(
                text(request.getTarget()).orElse(null),
                text(request.getSet()).orElse(null),
                request.getIncludeEnded(),
                before,
                at.size() + 1));
        List<RetiredRow> page = found.subList(0, Math.min(found.size(), at.size()));
        Optional<String> next = found.size() > page.size()
                ? Optional.of(Long.toString(page.getLast().retiredId()))
                : Optional.empty();
        Replies.send(
                observer,
                ListRetiredResponse.newBuilder()
                        .addAllPartitions(
                                page.stream().map(PartitionSetWriter::write).toList())
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    @Override
    public void reattachPartition(
            ReattachPartitionRequest request, StreamObserver<ReattachPartitionResponse> observer) {
        upkeep.reattach(request, observer);
    }

    @Override
    public void dropRetired(DropRetiredRequest request, StreamObserver<DropRetiredResponse> observer) {
        upkeep.drop(request, observer);
    }

    @Override
    public void createPartition(CreatePartitionRequest request, StreamObserver<CreatePartitionResponse> observer) {
        upkeep.create(request, observer);
    }

    @Override
    public void verifyPartitioning(
            VerifyPartitioningRequest request, StreamObserver<VerifyPartitioningResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        TableName table = TableNames.read(violations, "table", request.hasTable(), request.getTable());
        Replies.send(
                observer,
                VerificationWriter.write(violations.checked(() -> verification.verify(request.getTarget(), table))));
    }

    private static List<SetChange> changes(Violations violations, List<PartitionSet> messages) {
        violations.require(!messages.isEmpty() && messages.size() <= MOST_SETS, "sets", "must hold 1 to 500 sets");
        Map<String, Integer> seen = new HashMap<>();
        List<SetChange> changes = new ArrayList<>();
        for (int i = 0; i < Math.min(messages.size(), MOST_SETS); i++) {
            PartitionSet message = messages.get(i);
            String path = "sets[" + i + "]";
            Integer earlier = seen.putIfAbsent(message.getName(), i);
            violations.require(
                    earlier == null || message.getName().isEmpty(),
                    path + ".name",
                    "is the name of sets[" + earlier + "] too");
            changes.add(new SetChange(PartitionSetReader.read(violations, path, message), text(message.getEtag())));
        }
        return changes;
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    private static ApplyPartitionSetsResponse answer(List<AppliedSet> applied) {
        return ApplyPartitionSetsResponse.newBuilder()
                .addAllSets(applied.stream().map(PartitionSetWriter::write).toList())
                .build();
    }

    /** The sets as they are now: applied again they would not change. Fails if one was deleted since. */
    private ApplyPartitionSetsResponse applied(ApplyPartitionSetsRequest request) {
        return answer(request.getSetsList().stream()
                .map(message -> new AppliedSet(sets.get(message.getName()), AppliedSet.Result.UNCHANGED, List.of()))
                .toList());
    }

    private static DeletePartitionSetResponse deleted(StoredSet set) {
        return DeletePartitionSetResponse.newBuilder()
                .setSet(PartitionSetWriter.write(set))
                .build();
    }

    private static String results(ApplyPartitionSetsResponse answer) {
        return answer.getSetsList().stream()
                .map(applied -> applied.getSet().getName() + " " + applied.getResult())
                .collect(Collectors.joining(","));
    }
}
