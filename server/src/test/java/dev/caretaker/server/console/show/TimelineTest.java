package dev.caretaker.server.console.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.show.Timeline.Kind;
import dev.caretaker.v1.KeyEncoding;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.RangeBounds;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.RetiredState;
import dev.caretaker.v1.TableName;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {
    private static final KeyLine KEYS = new KeyLine(KeyEncoding.KEY_ENCODING_INTEGER, ZoneOffset.UTC);
    private static final KeyLine SECONDS = new KeyLine(KeyEncoding.KEY_ENCODING_EPOCH_SECONDS, ZoneOffset.UTC);
    private static final Instant NOW = Instant.ofEpochSecond(250);

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMPTZ, 1970-01-02 00:00:00+00, 86400",
        "TIMESTAMPTZ, 1970-01-02 05:30:00+05:30, 86400",
        "TIMESTAMPTZ, 1970-01-01 20:30:00.5-03:30, 86400",
        "TIMESTAMP, 1970-01-02 01:00:00, 86400",
        "DATE, 1970-01-02, 82800",
        "EPOCH_MILLIS, 86400000, 86400",
        "UUID_V7, 00000526-5c00-7000-8000-000000000000, 86400",
        "INTEGER, -5, -5",
    })
    void a_bound_has_its_place(String encoding, String bound, double expected) {
        KeyLine line = new KeyLine(KeyEncoding.valueOf("KEY_ENCODING_" + encoding), ZoneId.of("Europe/Berlin"));

        assertThat(line.at(bound)).isEqualTo(OptionalDouble.of(expected));
    }

    @Test
    void a_bound_that_is_none_of_its_keys_has_no_place() {
        assertThat(SECONDS.at("MINVALUE")).isEmpty();
        assertThat(SECONDS.at("<script>")).isEmpty();
    }

    @Test
    void what_is_held_past_now_ahead_and_missing_lies_in_its_order() {
        Timeline line = Timeline.of(
                List.of(partition("MINVALUE", "100"), partition("200", "300"), partition("300", "400")),
                List.of(
                        held("20", "50"),
                        held("0", "20").toBuilder()
                                .setState(RetiredState.RETIRED_STATE_DROPPED)
                                .build()),
                SECONDS,
                NOW);

        assertThat(line.spans())
                .extracting(Timeline.Span::kind)
                .containsExactly(Kind.PAST, Kind.HELD, Kind.GAP, Kind.NOW, Kind.AHEAD);
        assertThat(line.words()).isEqualTo("1 held, 1 past, 1 now, 1 ahead, 1 gap");
        assertThat(line.from()).isEqualTo("the beginning");
    }

    @Test
    void that_partitions_ended_before_now_is_a_gap() {
        Timeline line = Timeline.of(List.of(partition("0", "100"), partition("100", "200")), List.of(), SECONDS, NOW);

        assertThat(line.spans()).extracting(Timeline.Span::kind).containsExactly(Kind.PAST, Kind.PAST, Kind.GAP);
    }

    @Test
    void keys_that_are_no_times_have_no_now() {
        Timeline line = Timeline.of(List.of(partition("0", "10000")), List.of(), KEYS, NOW);

        assertThat(line.now()).isEmpty();
        assertThat(line.to()).isEqualTo("10,000");
    }

    @Test
    void very_many_are_drawn_together_and_counted_one_by_one() {
        List<Partition> many = IntStream.range(0, 1_000)
                .mapToObj(i -> partition(Integer.toString(i), Integer.toString(i + 1)))
                .toList();

        Timeline line = Timeline.of(many, List.of(), SECONDS, NOW);

        assertThat(line.spans()).hasSize(3);
        assertThat(line.words()).isEqualTo("250 past, 1 now, 749 ahead");
    }

    private static Partition partition(String from, String to) {
        return Partition.newBuilder()
                .setName(TableName.newBuilder().setName("p" + from))
                .setLevel(1)
                .setRange(RangeBounds.newBuilder().addFrom(from).addTo(to))
                .build();
    }

    private static RetiredPartition held(String from, String to) {
        return RetiredPartition.newBuilder()
                .setState(RetiredState.RETIRED_STATE_HELD)
                .setRange(PartitionRange.newBuilder().setFrom(from).setTo(to))
                .build();
    }
}
