package dev.caretaker.server.cleanup.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;

/** How long rows are kept, counted back from the instant a plan is made. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Retention.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Retention.Calendar.class, name = "calendar")
})
public sealed interface Retention {

    /** The instant before which rows are eligible. */
    Instant cutoff(Instant now);

    /** A fixed span. */
    record Fixed(Duration duration) implements Retention {
        @Override
        public Instant cutoff(Instant now) {
            return now.minus(duration);
        }
    }

    /**
     * Calendar units in a zone. Where the local result occurs twice the earlier instant is taken, where it does not occur
     * the instant before the gap: both keep more rows.
     */
    record Calendar(Period period, ZoneId zone) implements Retention {
        @Override
        public Instant cutoff(Instant now) {
            LocalDateTime local = now.atZone(zone).toLocalDateTime().minus(period);
            ZoneOffsetTransition transition = zone.getRules().getTransition(local);
            if (transition != null && transition.isGap()) {
                return transition.getInstant();
            }
            return local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
        }
    }
}
