package dev.caretaker.server.api;

import com.google.protobuf.StringValue;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.ArchiveReader;
import dev.caretaker.server.api.mapping.ArchiveWriter;
import dev.caretaker.server.api.mapping.ListPlace;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.security.Caller;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.api.stream.ReplyStreams;
import dev.caretaker.server.archive.ArchiveBook;
import dev.caretaker.server.archive.Verification;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.archive.restore.RestoreOrder;
import dev.caretaker.server.archive.restore.Restores;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.ArchiveVerdict;
import dev.caretaker.v1.DeleteArchiveRequest;
import dev.caretaker.v1.DeleteArchiveResponse;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.GetArchiveResponse;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListArchivesResponse;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.VerifyArchiveRequest;
import dev.caretaker.v1.VerifyArchiveResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Lists, shows, verifies, restores and deletes archives. A restore's run has an id that follows from its request's. */
@Singleton
final class ArchiveEndpoint extends ArchiveServiceGrpc.ArchiveServiceImplBase {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    private final ArchiveBook book;
    private final Verification verification;
    private final Restores restores;
    private final Runs runs;
    private final Commands commands;
    private final EventStreams events;

    ArchiveEndpoint(
            ArchiveBook book,
            Verification verification,
            Restores restores,
            Runs runs,
            Commands commands,
            EventStreams events) {
        this.book = book;
        this.verification = verification;
        this.restores = restores;
        this.runs = runs;
        this.commands = commands;
        this.events = events;
    }

    @Override
    public void listArchives(ListArchivesRequest request, StreamObserver<ListArchivesResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        ArchiveStore.Filter filter = ArchiveReader.filter(violations, request);
        Optional<ArchiveStore.Key> after = at.after()
                .flatMap(token -> ListPlace.read(violations, token))
                .map(place -> new ArchiveStore.Key(place.created(), place.id()));
        List<ArchiveRow> found = violations.checked(() -> book.list(filter, after, at.size() + 1));
        List<ArchiveRow> page = found.subList(0, Math.min(found.size(), at.size()));
        Optional<String> next = found.size() > page.size()
                ? Optional.of(
                        new ListPlace(page.getLast().created(), page.getLast().id()).token())
                : Optional.empty();
        Replies.send(
                observer,
                ListArchivesResponse.newBuilder()
                        .addAllArchives(page.stream().map(ArchiveWriter::write).toList())
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    @Override
    public void getArchive(GetArchiveRequest request, StreamObserver<GetArchiveResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("archive_id", request.getArchiveId());
        ArchiveRow row = violations.checked(() -> book.get(id));
        Replies.send(
                observer,
                GetArchiveResponse.newBuilder()
                        .setArchive(ArchiveWriter.write(row, book.parts(id)))
                        .build());
    }

    @Override
    public void verifyArchive(VerifyArchiveRequest request, StreamObserver<VerifyArchiveResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("archive_id", request.getArchiveId());
        VerifyLevel level = ArchiveReader.level(violations, "level", request.getLevel());
        Actor actor = Caller.actor(violations.text("actor", request.getActor()));
        violations.check();
        ReplyStreams.send("verify-" + id, observer, sink -> {
            VerifyArchiveResponse last = commands.record(
                    request,
                    actor,
                    new Command<>(
                            "",
                            Map.of("archive_id", id.toString(), "level", level.name()),
                            asked -> verification
                                    .verify(id, level, new Teller(sink))
                                    .map(found -> answer(id, found))
                                    .orElse(VerifyArchiveResponse.getDefaultInstance()),
                            Optional::empty,
                            ArchiveEndpoint::found));
            if (last.hasVerdict()) {
                sink.send(last);
            }
        });
    }

    /** What came of a look; nothing of one whose caller went away. */
    private static Map<String, String> found(VerifyArchiveResponse answer) {
        return answer.hasVerdict()
                ? Map.of(
                        "target",
                        answer.getVerdict().getArchive().getTarget(),
                        "whole",
                        Boolean.toString(answer.getVerdict().getWhole()))
                : Map.of();
    }

    private VerifyArchiveResponse answer(UUID id, Verification.Verdict verdict) {
        int parts = book.parts(id).size();
        return VerifyArchiveResponse.newBuilder()
                .setParts(parts)
                .setPartsDone(parts)
                .setVerdict(ArchiveVerdict.newBuilder()
                        .setWhole(verdict.whole())
                        .addAllFaults(verdict.faults())
                        .setArchive(ArchiveWriter.write(verdict.archive())))
                .build();
    }

    /** Tells progress once a second; a client that is gone ends the look. */
    private static final class Teller implements Verification.Listener {
        private final ReplyStreams.Sink<VerifyArchiveResponse> sink;
        private long told = System.nanoTime();

        Teller(ReplyStreams.Sink<VerifyArchiveResponse> sink) {
            this.sink = sink;
        }

        @Override
        public boolean at(int partsDone, int parts, long rowsDone, long bytesDone) {
            if (System.nanoTime() - told < TELL_EVERY.toNanos()) {
                return !sink.isGone();
            }
            told = System.nanoTime();
            return sink.send(VerifyArchiveResponse.newBuilder()
                    .setPartsDone(partsDone)
                    .setParts(parts)
                    .setRowsDone(rowsDone)
                    .setBytesDone(bytesDone)
                    .build());
        }
    }

    @Override
    public void restoreArchive(RestoreArchiveRequest request, StreamObserver<RestoreArchiveResponse> observer) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            Function<Actor, RestoreOrder> order = ArchiveReader.restore(violations, request);
            return new Command<>(
                    "",
                    Map.of("archive_id", request.getArchiveId()),
                    actor -> StringValue.of(restores.start(runId(request), order.apply(actor))
                            .id()
                            .toString()),
                    () -> runs.find(runId(request)).map(RunView::id).map(id -> StringValue.of(id.toString())),
                    run -> Map.of(
                            "target", runs.get(UUID.fromString(run.getValue())).target(), "run_id", run.getValue()));
        });
        events.watch(
                UUID.fromString(runId.getValue()),
                1,
                observer,
                event -> RestoreArchiveResponse.newBuilder().setEvent(event).build());
    }

    private static UUID runId(RestoreArchiveRequest request) {
        String name = "restore of request " + UUID.fromString(request.getRequestId());
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void deleteArchive(DeleteArchiveRequest request, StreamObserver<DeleteArchiveResponse> observer) {
        Replies.send(observer, commands.execute(request, DeleteArchiveResponse.parser(), violations -> {
            UUID id = violations.uuid("archive_id", request.getArchiveId());
            return new Command<>(
                    "",
                    Map.of("archive_id", request.getArchiveId(), "force", Boolean.toString(request.getForce())),
                    actor -> deleted(book.delete(id, request.getForce(), actor)),
                    () -> Optional.of(deleted(book.get(id))),
                    answer -> Map.of("target", answer.getArchive().getTarget()));
        }));
    }

    private static DeleteArchiveResponse deleted(ArchiveRow archive) {
        return DeleteArchiveResponse.newBuilder()
                .setArchive(ArchiveWriter.write(archive))
                .build();
    }
}
