package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.v1.CoursePoint;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** How a run went over time: asked of the API, and drawn. */
class ConsoleCourseTest {
    private final ConsoleServer server = ConsoleServer.shared();
    private final HostileScene scene = HostileScene.of(server);

    @Test
    void a_run_shows_how_it_went_while_it_works_and_when_it_has_ended() throws Exception {
        Run slow = scene.slowRun("coursed", 1_000);
        String path = "/console/runs/" + slow.getRunId();
        await().until(() -> course(slow, 120).size() >= 2);
        Browser browser = Browser.signedIn(server);

        Document live = browser.get(path).html();
        try (InputStream events = browser.open(path + "/events");
                BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
            assertThat(lines.lines()
                            .filter(line -> line.contains("Rows removed over time"))
                            .findFirst())
                    .as("what one is sent who follows it")
                    .isPresent();
        }
        await().until(() -> scene.run(path).hasEndTime());
        Document ended = browser.get(path).html();

        assertThat(live.select("#course + .courses figcaption").eachText())
                .containsExactly("Rows removed", "Bytes removed", "Time of batches");
        assertThat(ended.select("#course + .courses figcaption").eachText())
                .containsExactly("Rows removed", "Bytes removed", "Time of batches");
        assertThat(ended.select(".courses rect")).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void the_course_of_a_run_never_goes_back_and_has_as_many_points_as_are_wanted() {
        Run slow = scene.slowRun("pointed", 2_000);
        await().until(() -> scene.run("/" + slow.getRunId()).hasEndTime());

        List<CoursePoint> all = course(slow, 500);
        List<CoursePoint> few = course(slow, 2);

        assertThat(all).isSortedAccordingTo((one, other) -> Timestamps.compare(one.getTime(), other.getTime()));
        assertThat(all.stream().map(CoursePoint::getRowsDone).toList()).isSorted();
        assertThat(all.stream().map(CoursePoint::getBytesDone).toList()).isSorted();
        assertThat(all).allMatch(CoursePoint::hasLongestBatch);
        assertThat(all.getLast().getRowsDone()).isBetween(1L, 20_000L);
        assertThat(few).hasSize(2);
        assertThat(few.getLast().getRowsDone()).isEqualTo(all.getLast().getRowsDone());
        assertThat(course(slow, 0)).isEmpty();
        assertThatThrownBy(() -> course(slow, 501))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("course_points");
    }

    private List<CoursePoint> course(Run run, int points) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .getRun(GetRunRequest.newBuilder()
                        .setRunId(run.getRunId())
                        .setCoursePoints(points)
                        .build())
                .getCourseList();
    }
}
