package dev.caretaker.server.console.page;

import com.google.protobuf.Duration;
import dev.caretaker.server.console.show.Course;
import dev.caretaker.server.console.show.Words;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunReportRequest;
import dev.caretaker.v1.RunReportResponse;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.Tuning;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.function.Consumer;

/** Runs: their list, one as it goes, what may be asked of it, and its report when it has ended. */
@Singleton
final class RunPages implements Pages {
    private static final int PAGE = 50;
    private static final int REFRESH_SECONDS = 2;
    private static final long MEGABYTE = 1 << 20;

    private final LatestRuns runs;

    RunPages(LatestRuns runs) {
        this.runs = runs;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/runs", this::list);
        routes.get("/runs/{run}", this::run);
        routes.get("/runs/{run}/events", this::events);
        routes.get("/runs/{run}/report", this::report);
        routes.post("/runs/{run}/pause", this::pause);
        routes.post("/runs/{run}/resume", this::resume);
        routes.post("/runs/{run}/cancel", this::cancel);
        routes.post("/runs/{run}/tune", this::tune);
    }

    private Reply list(Request request) {
        Api api = request.api();
        RunFilter filter = new RunFilter(
                request.query("target"),
                kind(request.query("kind")),
                request.query("open").equals("1"));
        ListRunsRequest.Builder wanted = ListRunsRequest.newBuilder()
                .setTarget(filter.target())
                .setKind(filter.kind())
                .setPageSize(PAGE)
                .setPageToken(request.query("page"));
        if (filter.open()) {
            wanted.addAllStates(Arrays.stream(RunState.values())
                    .filter(state -> state != RunState.RUN_STATE_ENDED
                            && state != RunState.RUN_STATE_UNSPECIFIED
                            && state != RunState.UNRECOGNIZED)
                    .toList());
        }
        ListRunsResponse answer = api.runs().listRuns(wanted.build());
        return request.page(
                Section.RUNS,
                "Runs",
                "runs.jte",
                new RunsView(filter, Targets.names(api), answer.getRunsList(), answer.getNextPageToken()));
    }

    private Reply run(Request request) {
        GetRunResponse answer = request.api()
                .runs()
                .getRun(GetRunRequest.newBuilder()
                        .setRunId(request.variable("run"))
                        .setCoursePoints(Course.POINTS)
                        .build());
        Run run = answer.getRun();
        boolean ended = run.getState() == RunState.RUN_STATE_ENDED;
        // Without scripts what is typed would be lost with each refresh, and a log takes a stream: both are asked for
        // by links.
        boolean asks = request.query("act").equals("1");
        boolean reads = request.query("log").equals("1");
        RunView view = RunView.of(run, Course.of(run, answer.getCourseList())).with(asks);
        if (ended) {
            view = view.with(
                    report(request, ReportFormat.REPORT_FORMAT_UNSPECIFIED).getReport());
        } else if (reads) {
            view = view.with(RunLog.of(request.api(), run));
        }
        return request.livePage(
                Section.RUNS,
                Words.standing(run) + " · " + RunView.title(run),
                ended || asks ? 0 : REFRESH_SECONDS,
                "run.jte",
                view);
    }

    private Reply events(Request request) {
        Run run = get(request);
        return new Reply.Events(out -> {
            try (LatestRuns.Following same = runs.follow(run.getRunId())) {
                new Follower(request, out, same).follow(run);
            }
        });
    }

    private Reply report(Request request) {
        boolean markdown = request.query("format").equals("markdown");
        RunReportResponse report =
                report(request, markdown ? ReportFormat.REPORT_FORMAT_MARKDOWN : ReportFormat.REPORT_FORMAT_HTML);
        return new Reply.Document(
                report.getDocument().toByteArray(), report.getMediaType(), markdown ? report.getFileName() : "");
    }

    private static RunReportResponse report(Request request, ReportFormat format) {
        return request.api()
                .reports()
                .runReport(RunReportRequest.newBuilder()
                        .setRunId(request.variable("run"))
                        .setFormat(format)
                        .build());
    }

    private Reply pause(Request request) {
        request.api()
                .runs()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setRunId(request.variable("run"))
                        .setReason(request.field("reason"))
                        .setActor(request.actor())
                        .build());
        return back(request, Notice.PAUSED);
    }

    private Reply resume(Request request) {
        request.api()
                .runs()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setRunId(request.variable("run"))
                        .setReason(request.field("reason"))
                        .setActor(request.actor())
                        .build());
        return back(request, Notice.RESUMED);
    }

    private Reply cancel(Request request) {
        request.api()
                .runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setRunId(request.variable("run"))
                        .setReason(request.field("reason"))
                        .setActor(request.actor())
                        .build());
        return back(request, Notice.CANCELLED);
    }

    private Reply tune(Request request) {
        Tuning.Builder tuning = Tuning.newBuilder();
        whole(
                request,
                "batch-target",
                millis -> tuning.setBatchTarget(
                        Duration.newBuilder().setSeconds(millis / 1_000).setNanos((int) (millis % 1_000) * 1_000_000)));
        whole(request, "max-rows-per-second", tuning::setMaxRowsPerSecond);
        whole(
                request,
                "max-wal-per-second",
                megabytes -> tuning.setMaxWalBytesPerSecond(Math.multiplyExact(megabytes, MEGABYTE)));
        if (!request.field("pause-ratio").isEmpty()) {
            tuning.setPauseRatio(decimal(request.field("pause-ratio"), "pause-ratio"));
        }
        Arrays.stream(Pace.values())
                .filter(pace -> pace != Pace.UNRECOGNIZED && pace.name().equals(request.field("pace")))
                .findFirst()
                .ifPresent(tuning::setPace);
        request.api()
                .runs()
                .tuneRun(TuneRunRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setRunId(request.variable("run"))
                        .setTuning(tuning)
                        .setReason(request.field("reason"))
                        .setActor(request.actor())
                        .build());
        return back(request, Notice.TUNED);
    }

    private static void whole(Request request, String field, Consumer<Long> set) {
        String text = request.field(field);
        if (text.isEmpty()) {
            return;
        }
        try {
            set.accept(Long.parseLong(text));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new BadRequest(field + " has to be a whole number that is not too large.");
        }
    }

    private static double decimal(String text, String field) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new BadRequest(field + " has to be a number.");
        }
    }

    private static Reply back(Request request, Notice notice) {
        return Reply.seeOther("/runs/" + request.variable("run") + "?done=" + notice.word());
    }

    private static Run get(Request request) {
        return request.api()
                .runs()
                .getRun(GetRunRequest.newBuilder()
                        .setRunId(request.variable("run"))
                        .build())
                .getRun();
    }

    private static RunKind kind(String name) {
        if (name.isEmpty()) {
            return RunKind.RUN_KIND_UNSPECIFIED;
        }
        return Arrays.stream(RunKind.values())
                .filter(kind -> kind != RunKind.UNRECOGNIZED && kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadRequest("There are no runs of that kind: " + name + "."));
    }
}
