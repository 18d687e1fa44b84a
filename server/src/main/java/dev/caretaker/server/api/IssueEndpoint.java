package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.EndOfSpan;
import dev.caretaker.server.api.mapping.FindingWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.detect.Check;
import dev.caretaker.server.detect.Checks;
import dev.caretaker.server.detect.Finding;
import dev.caretaker.server.detect.Findings;
import dev.caretaker.server.detect.Mute;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.GetFindingRequest;
import dev.caretaker.v1.GetFindingResponse;
import dev.caretaker.v1.IssueServiceGrpc;
import dev.caretaker.v1.ListChecksRequest;
import dev.caretaker.v1.ListChecksResponse;
import dev.caretaker.v1.MuteFindingRequest;
import dev.caretaker.v1.MuteFindingResponse;
import dev.caretaker.v1.UnmuteFindingRequest;
import dev.caretaker.v1.UnmuteFindingResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows checks and findings, and mutes findings. */
@Singleton
final class IssueEndpoint extends IssueServiceGrpc.IssueServiceImplBase {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final Checks checks;
    private final Findings findings;
    private final Targets targets;
    private final Commands commands;
    private final Clock clock;

    IssueEndpoint(Checks checks, Findings findings, Targets targets, Commands commands, Clock clock) {
        this.checks = checks;
        this.findings = findings;
        this.targets = targets;
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    public void listChecks(ListChecksRequest request, StreamObserver<ListChecksResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        violations.check();
        Optional<String> target = Optional.of(request.getTarget()).filter(name -> !name.isEmpty());
        target.ifPresent(targets::get);
        List<Check> rest = checks.all(target).byId().values().stream()
                .filter(check ->
                        at.after().isEmpty() || check.id().compareTo(at.after().get()) > 0)
                .toList();
        List<Check> page = rest.stream().limit(at.size()).toList();
        Optional<String> last =
                rest.size() > page.size() ? Optional.of(page.getLast().id()) : Optional.empty();
        Replies.send(
                observer,
                ListChecksResponse.newBuilder()
                        .addAllChecks(page.stream().map(FindingWriter::write).toList())
                        .setNextPageToken(paging.next(last))
                        .build());
    }

    @Override
    public void getFinding(GetFindingRequest request, StreamObserver<GetFindingResponse> observer) {
        Violations violations = new Violations();
        violations.required("finding_id", request.getFindingId());
        violations.required("target", request.getTarget());
        violations.check();
        targets.get(request.getTarget());
        Finding finding = findings.get(request.getTarget(), request.getFindingId());
        GetFindingResponse.Builder answer = GetFindingResponse.newBuilder().setFinding(FindingWriter.write(finding));
        // A check of an operator may have been taken away since.
        Optional.ofNullable(checks.all(Optional.of(request.getTarget()))
                        .byId()
                        .get(finding.found().checkId()))
                .map(FindingWriter::write)
                .ifPresent(answer::setCheck);
        findings.mute(request.getTarget(), request.getFindingId())
                .map(FindingWriter::write)
                .ifPresent(answer::setMute);
        Replies.send(observer, answer.build());
    }

    @Override
    public void muteFinding(MuteFindingRequest request, StreamObserver<MuteFindingResponse> observer) {
        Replies.send(observer, commands.execute(request, MuteFindingResponse.parser(), violations -> {
            violations.required("finding_id", request.getFindingId());
            violations.required("target", request.getTarget());
            violations.required("reason", request.getReason());
            Optional<Instant> expires = expiry(violations, request);
            return new Command<>(
                    request.getTarget(),
                    Map.of("finding", request.getFindingId(), "reason", request.getReason()),
                    actor -> {
                        targets.get(request.getTarget());
                        return muted(findings.mute(
                                request.getTarget(), request.getFindingId(), request.getReason(), expires, actor));
                    },
                    () -> findings.mute(request.getTarget(), request.getFindingId())
                            .map(IssueEndpoint::muted),
                    answer -> Map.of());
        }));
    }

    @Override
    public void unmuteFinding(UnmuteFindingRequest request, StreamObserver<UnmuteFindingResponse> observer) {
        Replies.send(observer, commands.execute(request, UnmuteFindingResponse.parser(), violations -> {
            violations.required("finding_id", request.getFindingId());
            violations.required("target", request.getTarget());
            return new Command<>(
                    request.getTarget(),
                    Map.of("finding", request.getFindingId()),
                    actor -> {
                        targets.get(request.getTarget());
                        return unmuted(findings.unmute(request.getTarget(), request.getFindingId()));
                    },
                    // The mute is gone, and so is what it said: whose it was is all that can be told again.
                    () -> Optional.of(UnmuteFindingResponse.newBuilder()
                            .setMute(dev.caretaker.v1.Mute.newBuilder()
                                    .setTarget(request.getTarget())
                                    .setFindingId(request.getFindingId()))
                            .build()),
                    answer -> Map.of());
        }));
    }

    private Optional<Instant> expiry(Violations violations, MuteFindingRequest request) {
        Instant now = clock.instant();
        Optional<Instant> expires = EndOfSpan.read(violations, request, "expire_time", () -> now);
        violations.require(expires.filter(end -> !end.isAfter(now)).isEmpty(), "expire_time", "must be in the future");
        return expires;
    }

    private static MuteFindingResponse muted(Mute mute) {
        return MuteFindingResponse.newBuilder()
                .setMute(FindingWriter.write(mute))
                .build();
    }

    private static UnmuteFindingResponse unmuted(Mute mute) {
        return UnmuteFindingResponse.newBuilder()
                .setMute(FindingWriter.write(mute))
                .build();
    }
}
