package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.EndOfSpan;
import dev.caretaker.server.api.mapping.FireWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.RunReader;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.schedule.hold.Holds;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListHoldsResponse;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.ReleaseHoldResponse;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.SetHoldResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Sets, lists and releases holds. A hold's id follows from its request's, so that it is set once. */
@Singleton
final class HoldEndpoint extends HoldServiceGrpc.HoldServiceImplBase {
    private static final int USUAL_PAGE = 100;

    private final Holds holds;
    private final Commands commands;
    private final ControlStore control;

    HoldEndpoint(Holds holds, Commands commands, ControlStore control) {
        this.holds = holds;
        this.commands = commands;
        this.control = control;
    }

    @Override
    public void setHold(SetHoldRequest request, StreamObserver<SetHoldResponse> observer) {
        Replies.send(observer, commands.execute(request, SetHoldResponse.parser(), violations -> {
            violations.required("reason", request.getReason());
            Set<RunKind> kinds = kinds(violations, request);
            Optional<Instant> until = EndOfSpan.read(violations, request, "end_time", control::now);
            return new Command<>(
                    request.getTarget(),
                    Map.of(
                            "kinds",
                            kinds.stream().map(Enum::name).collect(Collectors.joining(",")),
                            "reason",
                            request.getReason(),
                            "pause_running",
                            Boolean.toString(request.getPauseRunning())),
                    actor -> SetHoldResponse.newBuilder()
                            .setHold(FireWriter.write(holds.set(
                                    holdId(request),
                                    new Holds.Order(
                                            text(request.getTarget()),
                                            kinds,
                                            request.getReason(),
                                            until,
                                            request.getPauseRunning(),
                                            actor))))
                            .build(),
                    () -> holds.find(holdId(request))
                            .map(hold -> SetHoldResponse.newBuilder()
                                    .setHold(FireWriter.write(hold))
                                    .build()),
                    answer -> Map.of("hold_id", answer.getHold().getHoldId()));
        }));
    }

    @Override
    public void listHolds(ListHoldsRequest request, StreamObserver<ListHoldsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Holds.LARGEST_PAGE);
        Optional<HoldStore.Key> after = at.after().flatMap(token -> key(violations, token));
        List<HoldRow> found = violations.checked(
                () -> holds.list(text(request.getTarget()), request.getIncludeEnded(), after, at.size() + 1));
        List<HoldRow> page = found.subList(0, Math.min(found.size(), at.size()));
        Optional<String> next = found.size() > page.size()
                ? Optional.of(page.getLast().since() + " " + page.getLast().id())
                : Optional.empty();
        Replies.send(
                observer,
                ListHoldsResponse.newBuilder()
                        .addAllHolds(page.stream().map(FireWriter::write).toList())
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    @Override
    public void releaseHold(ReleaseHoldRequest request, StreamObserver<ReleaseHoldResponse> observer) {
        Replies.send(observer, commands.execute(request, ReleaseHoldResponse.parser(), violations -> {
            UUID id = violations.uuid("hold_id", request.getHoldId());
            return new Command<>(
                    "",
                    Map.of("hold_id", request.getHoldId()),
                    actor -> released(holds.release(id, actor)),
                    () -> Optional.of(released(holds.get(id))),
                    answer -> Map.of("target", answer.getHold().getTarget()));
        }));
    }

    private static ReleaseHoldResponse released(HoldRow hold) {
        return ReleaseHoldResponse.newBuilder().setHold(FireWriter.write(hold)).build();
    }

    private static Set<RunKind> kinds(Violations violations, SetHoldRequest request) {
        Set<RunKind> kinds = EnumSet.noneOf(RunKind.class);
        for (int i = 0; i < request.getKindsCount(); i++) {
            String path = "kinds[" + i + "]";
            Optional<RunKind> kind = RunReader.kind(violations, path, request.getKinds(i));
            violations.require(kind.isPresent(), path, "is not a kind of work");
            kind.ifPresent(kinds::add);
        }
        return kinds;
    }

    private static Optional<HoldStore.Key> key(Violations violations, String token) {
        String[] parts = token.split(" ", 2);
        try {
            return Optional.of(new HoldStore.Key(Instant.parse(parts[0]), UUID.fromString(parts[1])));
        } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            violations.add("page_token", "is not a token that this list returned");
            return Optional.empty();
        }
    }

    private static UUID holdId(SetHoldRequest request) {
        String name = "hold of request " + UUID.fromString(request.getRequestId());
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }
}
