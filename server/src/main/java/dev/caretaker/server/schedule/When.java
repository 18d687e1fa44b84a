package dev.caretaker.server.schedule;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.run.Zone;
import dev.caretaker.server.schedule.time.CronTiming;
import dev.caretaker.server.schedule.time.IntervalTiming;
import dev.caretaker.server.schedule.time.Timing;
import java.time.Duration;

/** When a schedule is due, as it was written. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = When.Cron.class, name = "cron"),
    @JsonSubTypes.Type(value = When.Every.class, name = "every")
})
public sealed interface When {

    /**
     * Its nominal times.
     *
     * @param schedule name of the schedule
     * @throws dev.caretaker.server.schedule.time.InvalidCron if it cannot be read
     * @throws dev.caretaker.server.error.CaretakerException UNKNOWN_ZONE
     */
    Timing timing(String schedule);

    /** Whether this server can say when that is. */
    @JsonIgnore
    default boolean isKnown() {
        return !(this instanceof Cron cron) || cron.zone().isKnown();
    }

    /** A cron expression in a time zone. */
    record Cron(String text, Zone zone) implements When {
        @Override
        public Timing timing(String schedule) {
            return CronTiming.read(text, schedule, zone.id());
        }
    }

    /** Every so many seconds. */
    record Every(Duration span) implements When {
        @Override
        public Timing timing(String schedule) {
            return new IntervalTiming(span);
        }
    }
}
