package dev.caretaker.server.schedule;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.schedule.time.CronTiming;
import dev.caretaker.server.schedule.time.IntervalTiming;
import dev.caretaker.server.schedule.time.Timing;
import java.time.Duration;
import java.time.ZoneId;

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
     */
    Timing timing(String schedule);

    /** A cron expression in a time zone. */
    record Cron(String text, ZoneId zone) implements When {
        @Override
        public Timing timing(String schedule) {
            return CronTiming.read(text, schedule, zone);
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
