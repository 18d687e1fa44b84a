package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.console.page.PlansInMaking.Making;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlansInMakingTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final PlanCleanupRequest REQUEST =
            PlanCleanupRequest.newBuilder().setRequestId("1").setTarget("main").build();
    private static final Plan PLAN = Plan.newBuilder().setPlanId("made").build();

    private final AtomicLong nanos = new AtomicLong(-1);
    private final PlansInMaking plans = new PlansInMaking(Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);

    @AfterEach
    void stop() {
        plans.stop();
    }

    @Test
    void a_plan_that_takes_long_is_found_while_it_is_made_and_afterwards() {
        CompletableFuture<Plan> slow = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();

        Making making = plans.begin(REQUEST, request -> {
            asked.incrementAndGet();
            return slow.join();
        });
        Making twice = plans.begin(REQUEST, request -> {
            throw new AssertionError("the same request is made once");
        });

        assertThat(making.within(Duration.ofMillis(10))).isEmpty();
        assertThat(twice).isSameAs(making);
        assertThat(plans.open()).containsExactly(making);
        assertThat(plans.of("1")).contains(making);
        assertThat(plans.of("2")).isEmpty();
        slow.complete(PLAN);
        assertThat(making.within(LONG)).contains(PLAN);
        assertThat(plans.open()).isEmpty();
        assertThat(plans.of("1").orElseThrow().within(Duration.ZERO)).contains(PLAN);
        assertThat(asked).hasValue(1);
    }

    @Test
    void one_that_failed_says_why_and_is_made_anew_when_it_is_asked_for_again() {
        Making failed = plans.begin(REQUEST, request -> {
            throw new StatusRuntimeException(Status.UNAVAILABLE.withDescription("away"));
        });

        assertThatThrownBy(() -> failed.within(LONG)).hasMessageContaining("away");
        assertThat(plans.begin(REQUEST, request -> PLAN).within(LONG)).contains(PLAN);
    }

    @Test
    void another_request_of_the_same_id_is_the_business_of_the_api() {
        plans.begin(REQUEST, request -> PLAN).within(LONG);
        PlanCleanupRequest other = REQUEST.toBuilder().setExact(true).build();

        Making second = plans.begin(other, request -> {
            throw new StatusRuntimeException(Status.ALREADY_EXISTS.withDescription("reused"));
        });

        assertThatThrownBy(() -> second.within(LONG)).hasMessageContaining("reused");
    }

    /** A plan that is there, asked for under this id. */
    private void made(String id) {
        assertThat(plans.begin(asked(id), request -> PLAN).within(LONG)).isPresent();
        nanos.incrementAndGet();
    }

    private static PlanCleanupRequest asked(String id) {
        return REQUEST.toBuilder().setRequestId(id).build();
    }

    @Test
    void of_many_those_that_ended_longest_ago_are_forgotten_for_new_ones() {
        CompletableFuture<Plan> slow = new CompletableFuture<>();
        plans.begin(asked("slow"), request -> slow.join());
        for (int i = 1; i <= PlansInMaking.MOST + 10; i++) {
            made("plan " + i);
        }

        assertThat(plans.of("slow")).as("it is not made yet").isPresent();
        assertThat(plans.of("plan 11")).isEmpty();
        assertThat(plans.of("plan 12")).isPresent();
        assertThat(plans.of("plan " + (PlansInMaking.MOST + 10))).isPresent();
        slow.complete(PLAN);
    }

    @Test
    void what_ended_an_hour_ago_is_forgotten_by_time_that_nobody_sets() {
        made("old");
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1) - 1);
        made("new");
        assertThat(plans.of("old")).isPresent();
        nanos.addAndGet(1);
        made("newer");
        assertThat(plans.of("old")).isEmpty();
        assertThat(plans.of("new")).isPresent();
    }

    @Test
    void while_very_many_are_being_made_no_more_are_begun_but_each_is_still_found() {
        CompletableFuture<Plan> slow = new CompletableFuture<>();
        for (int i = 1; i <= PlansInMaking.MOST; i++) {
            plans.begin(asked("plan " + i), request -> slow.join());
        }

        assertThatThrownBy(() -> plans.begin(asked("one more"), request -> PLAN))
                .hasMessageContaining("RESOURCE_EXHAUSTED")
                .hasMessageContaining("200 plans are being made here");
        assertThat(plans.begin(asked("plan 1"), request -> PLAN))
                .isSameAs(plans.of("plan 1").orElseThrow());
        assertThat(plans.open()).hasSize(PlansInMaking.MOST);

        slow.complete(PLAN);
        assertThat(plans.of("plan 1").orElseThrow().within(LONG)).contains(PLAN);
        made("one more");
    }
}
