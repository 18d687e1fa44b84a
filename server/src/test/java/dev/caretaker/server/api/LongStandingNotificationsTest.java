package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.store.retention.Forgetting;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Hold;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What lasts longer than notifications are kept. */
class LongStandingNotificationsTest extends NotificationsScene {
    private static final String PLAN = "0d6b0a58-36c1-4f0b-9c53-8f6f7f0c1e44";

    @Test
    void whoever_was_told_of_a_beginning_long_ago_is_told_of_its_end_and_then_both_are_forgotten() {
        ended(test("ops"));
        Hold hold = hold("the books are closed");
        String ofHold = "holds/" + hold.getHoldId();
        told("hold.set", ofHold);
        scene.target.execute(
                "CREATE TABLE stuck (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE pins (stuck int PRIMARY KEY REFERENCES stuck)",
                "INSERT INTO stuck (ended) VALUES (now() - interval '30 days')",
                "INSERT INTO pins SELECT id FROM stuck");
        scene.apply(ScheduleScene.policy("stuck", "main", "stuck"));
        scene.apply(ScheduleScene.cleanup("stuck", "main", "stuck").setExpectSuccessWithin(seconds(60)));
        String ofSchedule = "schedules/stuck/main";
        scene.trigger("stuck");
        told("run.failed", ofSchedule);
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET created = now() - interval '1 hour' WHERE schedule = 'stuck'");
        told("expectation.broken", ofSchedule);
        scene.target.execute("CREATE TABLE keyless (id int)");
        detect();
        String ofFinding = until(
                        "a finding",
                        delivery -> delivery.getEvent().equals("finding.new")
                                && delivery.getSummary().contains("keyless")
                                && delivery.getChannel().equals("ops")
                                && delivery.hasEndTime())
                .getTopic();
        scene.store.execute(
                "INSERT INTO caretaker.plan (plan_id, kind, target, content, created, expires) VALUES ('" + PLAN
                        + "', 'cleanup', 'main', '{}', now(), now() + interval '1 day')",
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal,"
                        + " decided, attempts, earlier_runs, plan_id) VALUES ('large', 'main', now(), 'REFUSED',"
                        + " 'UNUSUAL_VOLUME', '', 1, now(), now(), 1, '{}', '" + PLAN + "')");
        told("plan.waiting", "plans/" + PLAN);

        forget();
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.notification WHERE type = 'channel.test'"))
                .as("what nothing waits for")
                .isZero();

        release(hold);
        scene.target.execute("DELETE FROM pins", "ALTER TABLE keyless ADD PRIMARY KEY (id)");
        scene.trigger("stuck");
        detect();
        scene.store.execute("UPDATE caretaker.plan SET claimed = now() WHERE plan_id = '" + PLAN + "'");
        told("hold.ended", ofHold);
        told("run.recovered", ofSchedule);
        told("expectation.met", ofSchedule);
        told("finding.gone", ofFinding);
        told("plan.settled", "plans/" + PLAN);

        forget();
        assertThat(deliveries(delivery ->
                        List.of(ofHold, ofSchedule, ofFinding, "plans/" + PLAN).contains(delivery.getTopic())))
                .isEmpty();
    }

    private static void told(String event, String topic) {
        Predicate<Delivery> wanted = delivery -> delivery.getEvent().equals(event)
                && delivery.getTopic().equals(topic)
                && delivery.getChannel().equals("ops")
                && delivery.hasEndTime();
        until(event, wanted);
    }

    private static void detect() {
        scene.server
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("main")
                        .addChecks("table-without-primary-key")
                        .build());
    }

    /** As if all of it had been told longer ago than it is kept. */
    private static void forget() {
        scene.store.execute("UPDATE caretaker.notification SET occurred = occurred - interval '31 days'");
        scene.server.bean(Forgetting.class).forget(Kept.NOTIFICATIONS);
    }

    @Test
    void of_what_goes_on_the_latest_that_a_channel_was_told_is_enough() {
        scene.apply(ScheduleScene.vacuum("failing", "main"));
        failed(90, "ops", "DELIVERED");
        failed(60, "book", "DELIVERED");
        failed(50, "chat", "DEAD");
        failed(40, "ops", "DELIVERED");
        scene.server.bean(Forgetting.class).forget(Kept.NOTIFICATIONS);
        assertThat(deliveries(delivery -> delivery.getTopic().equals("schedules/failing/main")))
                .extracting(Delivery::getSummary)
                .containsExactly("40 days ago", "60 days ago");
    }

    private static void failed(int daysAgo, String channel, String state) {
        scene.store.execute(
                "WITH n AS (INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data,"
                        + " occurred, routed) VALUES (gen_random_uuid(), 'run.failed', 'CRITICAL', 'main', 'schedules/failing/main', '"
                        + daysAgo + " days ago', '{\"schedule\": \"failing\"}', now() - interval '" + daysAgo
                        + " days', now()) RETURNING notification_id)"
                        + " INSERT INTO caretaker.delivery (notification_id, channel, state, attempts, due, error, changed)"
                        + " SELECT notification_id, '" + channel + "', '" + state + "', 1, now(), '', now() FROM n");
    }
}
