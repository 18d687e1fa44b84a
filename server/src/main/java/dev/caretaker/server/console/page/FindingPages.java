package dev.caretaker.server.console.page;

import dev.caretaker.server.console.page.Detections.Detected;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Links;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.GetFindingRequest;
import dev.caretaker.v1.GetFindingResponse;
import dev.caretaker.v1.MuteFindingRequest;
import dev.caretaker.v1.UnmuteFindingRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Findings: those of a target, and one with what is behind it, which may be muted. */
@Singleton
final class FindingPages implements Pages {
    private final Detections detections;

    FindingPages(Detections detections) {
        this.detections = detections;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/findings", this::list);
        routes.get("/finding", this::show);
        routes.post("/finding/mute", this::mute);
        routes.post("/finding/unmute", this::unmute);
    }

    private Reply list(Request request) {
        Api api = request.api();
        List<String> targets = Targets.names(api);
        String target = Optional.of(request.query("target"))
                .filter(name -> !name.isEmpty())
                .or(() -> targets.stream().findFirst())
                .orElse("");
        boolean all = request.query("all").equals("1");
        int from = ListPart.from(request);
        if (request.isToLook() && !target.isEmpty()) {
            detections.again(api, target);
            return Reply.seeOther(Links.within("/findings", "target", target, "all", all ? "1" : ""));
        }
        Detected known = target.isEmpty()
                ? new Detected(DetectIssuesResponse.getDefaultInstance(), "")
                : detections.of(api, target);
        return request.page(
                Section.FINDINGS,
                "Findings",
                "findings.jte",
                new FindingsView(target, targets, all, from, known.found(), known.problem()));
    }

    private Reply show(Request request) {
        GetFindingResponse found = request.api()
                .issues()
                .getFinding(GetFindingRequest.newBuilder()
                        .setTarget(request.query("target"))
                        .setFindingId(request.query("id"))
                        .build());
        return request.page(
                Section.FINDINGS,
                found.getCheck().getTitle(),
                "finding.jte",
                new FindingView(request.query("target"), found));
    }

    private Reply mute(Request request) {
        MuteFindingRequest.Builder mute = MuteFindingRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setTarget(request.field("target"))
                .setFindingId(request.field("id"))
                .setReason(request.field("reason"));
        Until.of(request).ifPresent(mute::setDuration);
        request.api().issues().muteFinding(mute.build());
        return back(request, Notice.MUTED);
    }

    private Reply unmute(Request request) {
        request.api()
                .issues()
                .unmuteFinding(UnmuteFindingRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setTarget(request.field("target"))
                        .setFindingId(request.field("id"))
                        .build());
        return back(request, Notice.UNMUTED);
    }

    private Reply back(Request request, Notice notice) {
        detections.forget(request.field("target"));
        return Reply.seeOther(Links.within(
                "/finding", "target", request.field("target"), "id", request.field("id"), "done", notice.word()));
    }
}
