package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListHoldsResponse;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.SetHoldRequest;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Freezes of all targets or one, of all work or some kinds. */
@Singleton
final class HoldPages implements Pages {
    /** So many that have ended are listed. */
    private static final int ENDED = 200;

    private static final int PAGE = 1_000;

    private final Clock clock;

    HoldPages(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/holds", this::list);
        routes.post("/holds", this::set);
        routes.post("/holds/{hold}/lift", this::lift);
    }

    private Reply list(Request request) {
        Api api = request.api();
        return request.page(
                Section.HOLDS, "Holds", "holds.jte", new HoldsView(Targets.names(api), inForce(api, ""), ended(api)));
    }

    /** The latest that have ended, however many are in force that are newer. */
    private List<Hold> ended(Api api) {
        Instant now = clock.instant();
        List<Hold> ended = new ArrayList<>();
        String token = "";
        do {
            ListHoldsResponse answer = api.holds()
                    .listHolds(ListHoldsRequest.newBuilder()
                            .setIncludeEnded(true)
                            .setPageSize(PAGE)
                            .setPageToken(token)
                            .build());
            answer.getHoldsList().stream().filter(hold -> !isInForce(hold, now)).forEach(ended::add);
            token = answer.getNextPageToken();
        } while (ended.size() < ENDED && !token.isEmpty());
        return ended.subList(0, Math.min(ended.size(), ENDED));
    }

    /** @param target only those that concern it; empty means all */
    static List<Hold> inForce(Api api, String target) {
        return Whole.of(
                token -> api.holds()
                        .listHolds(ListHoldsRequest.newBuilder()
                                .setTarget(target)
                                .setPageSize(PAGE)
                                .setPageToken(token)
                                .build()),
                ListHoldsResponse::getHoldsList,
                ListHoldsResponse::getNextPageToken);
    }

    private static boolean isInForce(Hold hold, Instant now) {
        return !hold.hasReleaseTime()
                && (!hold.hasEndTime() || Moments.instant(hold.getEndTime()).isAfter(now));
    }

    private Reply set(Request request) {
        SetHoldRequest.Builder hold = SetHoldRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setTarget(request.field("target"))
                .setReason(request.field("reason"))
                .setPauseRunning(request.isChecked("pause-running"));
        request.fields("kind")
                .forEach(name -> Arrays.stream(RunKind.values())
                        .filter(kind ->
                                kind != RunKind.UNRECOGNIZED && kind.name().equals(name))
                        .forEach(hold::addKinds));
        Until.of(request).ifPresent(hold::setDuration);
        request.api().holds().setHold(hold.build());
        return Reply.seeOther("/holds?done=" + Notice.HELD.word());
    }

    private Reply lift(Request request) {
        release(request);
        return Reply.seeOther("/holds?done=" + Notice.RELEASED.word());
    }

    /**
     * Ends a hold, after which runs begin that it has kept.
     *
     * @throws BadRequest if whoever pressed the button did not say that he means it
     */
    static Hold release(Request request) {
        if (!request.isChecked("sure")) {
            throw new BadRequest("The hold is still in force: check that what it keeps from beginning may begin.");
        }
        return request.api()
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setHoldId(request.variable("hold"))
                        .build())
                .getHold();
    }
}
