package dev.caretaker.server.api;

import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_MISSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_HOLD;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** "Why did it not run at two?" is answered by what is asked for: a schedule, a target, outcomes and a span of time. */
class FiresListedTest {
    private static final Database STORE = TestPostgres.controlStore();
    private static WholeServer server;

    @BeforeAll
    static void start() {
        server = WholeServer.start(
                TestPostgres.newest().database(),
                Map.of("caretaker.control-store.url", STORE.url(), "caretaker.retention.fires", "36500d"));
        // Every hour of a night at two targets, of a schedule that is deleted by now.
        STORE.execute(
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,"
                        + " attempts, earlier_runs) SELECT 'nightly', target, moment, CASE WHEN extract(hour FROM moment AT TIME ZONE 'UTC') = 2"
                        + " THEN 'SKIPPED_HOLD' WHEN target = 'far' THEN 'MISSED' ELSE 'SKIPPED_OVERLAP' END, '', 'why', 1, moment, now(), 0,"
                        + " '{}' FROM unnest(ARRAY['shop', 'far']) AS target, generate_series(timestamptz '2026-03-01T00:00:00Z',"
                        + " '2026-03-01T04:00:00Z', '1 hour') AS moment",
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,"
                        + " attempts, earlier_runs) VALUES ('other', 'shop', '2026-02-01', 'MISSED', '', 'long ago', 1, '2026-02-01', now(),"
                        + " 0, '{}'), ('minutely', 'shop', '2026-02-28T22:00:00Z', 'MISSED', '', 'many', 181, '2026-03-01T01:00:00Z',"
                        + " now(), 0, '{}')");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ListFiresRequest.Builder nightly() {
        return ListFiresRequest.newBuilder().setSchedule("nightly");
    }

    private static Timestamp at(String instant) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(instant).getEpochSecond())
                .build();
    }

    private static List<Fire> fires(ListFiresRequest.Builder request) {
        return server.schedules().listFires(request.build()).getFiresList();
    }

    /** Hours and targets, as they are listed. */
    private static List<String> told(ListFiresRequest.Builder request) {
        return fires(request).stream()
                .map(fire -> Instant.ofEpochSecond(fire.getNominalTime().getSeconds())
                                .toString()
                                .substring(11, 13)
                        + " " + fire.getTarget())
                .toList();
    }

    @Test
    void newest_first_and_of_those_at_one_time_each_target() {
        assertThat(told(nightly()))
                .containsExactly(
                        "04 shop", "04 far", "03 shop", "03 far", "02 shop", "02 far", "01 shop", "01 far", "00 shop",
                        "00 far");
    }

    @Test
    void by_target_by_outcomes_and_by_time_from_and_up_to() {
        assertThat(told(nightly().setTarget("far").addOutcomes(FIRE_OUTCOME_MISSED)))
                .containsExactly("04 far", "03 far", "01 far", "00 far");
        assertThat(fires(nightly().addOutcomes(FIRE_OUTCOME_SKIPPED_HOLD).addOutcomes(FIRE_OUTCOME_MISSED)))
                .hasSize(6);
        assertThat(told(nightly()
                        .setTarget("shop")
                        .setAfterTime(at("2026-03-01T02:00:00Z"))
                        .setBeforeTime(at("2026-03-01T04:00:00Z"))))
                .as("from two on, and before four")
                .containsExactly("03 shop", "02 shop");
        assertThat(fires(ListFiresRequest.newBuilder()
                        .setTarget("shop")
                        .addOutcomes(FIRE_OUTCOME_MISSED)
                        .setAfterTime(at("2026-03-01T00:30:00Z"))))
                .as("a row that stands for many times is listed if one of them is not before")
                .singleElement()
                .satisfies(fire -> {
                    assertThat(fire.getSchedule()).isEqualTo("minutely");
                    assertThat(fire.getTimes()).isEqualTo(181);
                });
    }

    @Test
    void page_by_page_each_once() {
        List<Fire> paged = new ArrayList<>();
        String token = "";
        do {
            ListFiresResponse page = server.schedules()
                    .listFires(nightly().setPageSize(3).setPageToken(token).build());
            assertThat(page.getFiresList()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
            paged.addAll(page.getFiresList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(paged).hasSize(10).isEqualTo(fires(nightly()));
    }
}
