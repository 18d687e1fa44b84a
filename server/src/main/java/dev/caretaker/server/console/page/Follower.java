package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Course;
import dev.caretaker.server.console.show.EventWords;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.EventStream;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.WatchRunResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;

/**
 * Sends what happens to a run to one who looks at it. It always begins with everything as it is now, so that a browser that lost its
 * server, or came to another one, goes on from there whatever it missed.
 */
final class Follower {
    /** Progress is not told more often. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Request request;
    private final EventStream out;
    private final LatestRuns.Following runs;
    private final RunLog.Writing log = new RunLog.Writing();
    private String actions = "";
    /** When the picture of its course is drawn again. */
    private Instant due = Instant.MIN;

    Follower(Request request, EventStream out, LatestRuns.Following runs) {
        this.request = request;
        this.out = out;
        this.runs = runs;
    }

    void follow(Run run) throws IOException {
        out.retryAfterMillis(1_000);
        Api.leaving(() -> {
            RunView view = RunView.of(run, Course.NONE);
            Iterator<WatchRunResponse> events = RunLog.latest(request.api().watching(), run);
            boolean past = true;
            while (events.hasNext()) {
                RunEvent event = events.next().getEvent();
                view = seen(view, event, past);
                if (past && (event.getSequence() >= run.getLastSequence() || event.hasHeartbeat())) {
                    past = false;
                    view = drawn(view, event);
                    all(view);
                } else if (!past) {
                    told(view, event);
                    view = drawn(view, event);
                }
            }
            out.send("ended", request.fragment("run/ended.jte", view));
            // Else the browser would ask again for what is over.
            out.send("closed", "-");
            return view;
        });
    }

    private RunView seen(RunView view, RunEvent event, boolean past) {
        log.add(event);
        return switch (event.getEventCase()) {
            case PROGRESS -> view.with(event.getProgress());
            case THROTTLED -> view.waiting(EventWords.of(event));
            case HEARTBEAT, EVENT_NOT_SET -> view;
            // Of what was before, the run as it is now tells already.
            default -> past ? view.waiting("") : view.waiting("").with(latest(view.run()));
        };
    }

    private Run latest(Run run) {
        GetRunRequest same = GetRunRequest.newBuilder().setRunId(run.getRunId()).build();
        return runs.latest(() -> request.api().runs().getRun(same).getRun());
    }

    /** With its course, if another point of that may be due by now. */
    private RunView drawn(RunView view, RunEvent event) throws IOException {
        Instant now = Moments.instant(event.getTime());
        if (now.isBefore(due) && !event.hasFinished()) {
            return view;
        }
        Duration since = view.run().hasStartTime()
                ? Duration.between(Moments.instant(view.run().getStartTime()), now)
                : Duration.ZERO;
        Duration point = since.dividedBy(Course.POINTS);
        due = now.plus(point.compareTo(SHORTEST) < 0 ? SHORTEST : point);
        RunView latest = view.with(runs.course(() -> course(view.run())));
        out.send("course", request.fragment("run/course.jte", latest));
        return latest;
    }

    private Course course(Run run) {
        GetRunResponse answer = request.api()
                .runs()
                .getRun(GetRunRequest.newBuilder()
                        .setRunId(run.getRunId())
                        .setCoursePoints(Course.POINTS)
                        .build());
        return Course.of(answer.getRun(), answer.getCourseList());
    }

    private void all(RunView view) throws IOException {
        standing(view);
        steps(view);
        log();
    }

    private void log() throws IOException {
        out.send("log", request.fragment("run/log.jte", log.read()));
    }

    private void told(RunView view, RunEvent event) throws IOException {
        switch (event.getEventCase()) {
            case HEARTBEAT -> out.alive();
            case PROGRESS -> {
                standing(view);
                steps(view);
            }
            case THROTTLED -> standing(view);
            default -> {
                boolean said = EventWords.isWorthALine(event);
                if (said) {
                    out.send("said", request.fragment("run/said.jte", EventWords.of(event)));
                }
                standing(view);
                steps(view);
                if (said) {
                    log();
                }
            }
        }
    }

    private void standing(RunView view) throws IOException {
        out.send("standing", request.fragment("run/standing.jte", view));
        if (!view.actions().equals(actions)) {
            actions = view.actions();
            out.send("actions", request.fragment("run/actions.jte", view));
        }
    }

    private void steps(RunView view) throws IOException {
        out.send("steps", request.fragment("run/steps.jte", view));
    }
}
