package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.StartConversionRequest;
import io.grpc.Deadline;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A conversion of a plain table into a partitioned one, and the way back. */
@Singleton
final class ConversionPages implements Pages {
    /** It reads the catalog, and counts keys without a value. */
    private static final Duration PLANNING = Duration.ofMinutes(2);

    @Override
    public void add(Routes routes) {
        routes.get("/conversions/{conversion}", this::show);
        routes.post("/conversions", this::plan);
        routes.post("/conversions/{conversion}/again", this::again);
        routes.post("/conversions/{conversion}/start", this::start);
        routes.post("/conversions/{conversion}/complete", this::complete);
        routes.post("/conversions/{conversion}/revert", this::revert);
    }

    private Reply plan(Request request) {
        return planned(request, ConversionForm.read(request));
    }

    private Reply again(Request request) {
        return planned(request, ConversionForm.again(request, get(request)));
    }

    private static Reply planned(Request request, PlanConversionRequest plan) {
        String id = request.api()
                .conversions()
                .withDeadline(Deadline.after(PLANNING.toMinutes(), TimeUnit.MINUTES))
                .planConversion(plan)
                .getConversion()
                .getConversionId();
        return Reply.seeOther("/conversions/" + id);
    }

    private static Conversion get(Request request) {
        return request.api()
                .conversions()
                .getConversion(GetConversionRequest.newBuilder()
                        .setConversionId(request.variable("conversion"))
                        .build())
                .getConversion();
    }

    private Reply show(Request request) {
        Conversion conversion = get(request);
        ConversionView view = new ConversionView(conversion);
        return request.livePage(
                Section.PARTITIONS,
                "Conversion of " + conversion.getTable().getName(),
                view.isUnderWay() ? 5 : 0,
                "conversion.jte",
                view);
    }

    private Reply start(Request request) {
        StartConversionRequest start = StartConversionRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setConversionId(request.variable("conversion"))
                .setEtag(request.field("etag"))
                .build();
        return run(Api.first(() -> request.api().conversions().startConversion(start))
                .getEvent()
                .getRunId());
    }

    private Reply complete(Request request) {
        request.api()
                .conversions()
                .completeConversion(CompleteConversionRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setConversionId(request.variable("conversion"))
                        .build());
        return Reply.seeOther(
                "/conversions/" + request.variable("conversion") + "?done=" + Notice.CUT_OVER_ASKED.word());
    }

    private Reply revert(Request request) {
        RevertConversionRequest revert = RevertConversionRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setConversionId(request.variable("conversion"))
                .build();
        return run(Api.first(() -> request.api().conversions().revertConversion(revert))
                .getEvent()
                .getRunId());
    }

    private static Reply run(String run) {
        return Reply.seeOther("/runs/" + run);
    }
}
