package dev.caretaker.server.partition.upkeep.set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.archive.ArchiveTerms;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What becomes of old partitions: they are detached, held, then archived if that is wanted, and dropped.
 *
 * @param hold how long a detached partition is held
 * @param end what becomes of it then
 * @param archive where its rows are kept before it is dropped; empty: they go with it
 */
public record Retirement(
        Keep keep,
        Duration hold,
        End end,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ArchiveTerms> archive) {
    public static final Duration USUAL_HOLD = Duration.ofDays(7);

    /** What becomes of a partition that was held long enough. */
    public enum End {
        DROP,
        /** It stays, detached. */
        KEEP
    }

    /** Which partitions stay. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Fixed.class, name = "fixed"),
        @JsonSubTypes.Type(value = Calendar.class, name = "calendar"),
        @JsonSubTypes.Type(value = Newest.class, name = "newest")
    })
    public sealed interface Keep permits ByTime, Newest {}

    /** Partitions that end after an instant, counted back from now. */
    public sealed interface ByTime extends Keep permits Fixed, Calendar {
        /** Partitions that end at or before it go. */
        Instant cutoff(Instant now);
    }

    /** A fixed span. */
    public record Fixed(Duration duration) implements ByTime {
        @Override
        public Instant cutoff(Instant now) {
            return now.minus(duration);
        }
    }

    /** Calendar units in a zone; of two instants the earlier, which keeps more. */
    public record Calendar(Period period, ZoneId zone) implements ByTime {
        @Override
        public Instant cutoff(Instant now) {
            return now.atZone(zone)
                    .toLocalDateTime()
                    .minus(period)
                    .atZone(zone)
                    .withEarlierOffsetAtOverlap()
                    .toInstant();
        }
    }

    /** The current partition and those before it, so many in all. */
    public record Newest(int partitions) implements Keep {}
}
