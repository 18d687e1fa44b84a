package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.page.Looks.Look;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.PolicyGrowth;
import dev.caretaker.v1.RunSums;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Targets as they were seen, and how long ago that was. */
class TargetLineTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Look WELL = Look.of(
            Health.newBuilder().setVerdict(HealthVerdict.HEALTH_VERDICT_GOOD).build(),
            Growth.newBuilder()
                    .addPolicies(
                            PolicyGrowth.newBuilder().setEligibleRows(1_200).setEligibleExact(true))
                    .addPolicies(PolicyGrowth.newBuilder().setEligibleRows(34).setEligibleExact(true))
                    .build(),
            NOW.minusSeconds(14 * 3_600));

    @Test
    void a_look_that_failed_leaves_what_was_seen_before_with_its_age_and_tells_why() {
        Look failed = Look.failed(Optional.of(WELL), "It did not answer within 30 seconds.", NOW);
        TargetLine line = line(failed);

        assertThat(line.verdict()).isEqualTo("Well, when last seen");
        assertThat(line.tone()).isEqualTo("attention");
        assertThat(line.problem()).isEqualTo("It did not answer within 30 seconds.");
        assertThat(line.seen()).isEqualTo("seen 14.0 h ago");
        assertThat(line.numbers().rowsDue()).isEqualTo("1,234");
        assertThat(overview(line).sentence())
                .isEqualTo("1 target needs attention. 1 was last seen more than 5 minutes ago.");
    }

    @Test
    void what_was_seen_long_ago_says_so_though_it_was_well() {
        TargetLine line = line(WELL);

        assertThat(line.verdict()).isEqualTo("Well");
        assertThat(line.isOld()).isTrue();
        assertThat(overview(line).sentence()).isEqualTo("The target is well. 1 was last seen more than 5 minutes ago.");
    }

    @Test
    void what_was_never_seen_is_not_known_and_has_no_age() {
        TargetLine line = line(Look.failed(Optional.empty(), "away", NOW.minusSeconds(600)));

        assertThat(line.verdict()).isEqualTo("Not known");
        assertThat(line.taken()).isEmpty();
        assertThat(line.isOld()).isFalse();
    }

    private static TargetLine line(Look look) {
        return TargetLine.worstFirst(List.of("shop"), Map.of("shop", look), NOW).getFirst();
    }

    private static OverviewView overview(TargetLine... lines) {
        return new OverviewView(
                List.of(lines),
                RunSums.getDefaultInstance(),
                List.of(),
                0,
                List.of(),
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                0);
    }
}
