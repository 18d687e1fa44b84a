package dev.caretaker.server.schedule;

import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.ScheduleLine;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of coming nominal times what would become of them as things stand. */
@Singleton
final class Forecasts {
    private final Gates gates;

    Forecasts(Gates gates) {
        this.gates = gates;
    }

    /** The next nominal times of a line after an instant, at most {@code most}. */
    List<Forecast> of(StoredSchedule schedule, ScheduleLine line, Instant after, int most) {
        return within(schedule, line, after, Instant.MAX, most);
    }

    /** The nominal times of a line after an instant and before another, at most {@code most}. */
    List<Forecast> within(StoredSchedule schedule, ScheduleLine line, Instant after, Instant before, int most) {
        Gate gate = gates.of(schedule, line);
        if (!schedule.schedule().when().isKnown()) {
            return unknown(gate, line, after, before);
        }
        NominalTimes times = NominalTimes.of(schedule.schedule());
        List<Forecast> forecasts = new ArrayList<>();
        Optional<NominalTimes.Time> next = times.next(after);
        while (next.filter(time -> time.nominal().isBefore(before)).isPresent() && forecasts.size() < most) {
            forecasts.add(forecast(times, gate, line, next.get()));
            next = times.next(next.get().nominal());
        }
        return forecasts;
    }

    /** All that is known of a schedule in a time zone that this server does not know: what another one has reckoned. */
    private static List<Forecast> unknown(Gate gate, ScheduleLine line, Instant after, Instant before) {
        return line.nominal().filter(nominal -> nominal.isAfter(after) && nominal.isBefore(before)).stream()
                .flatMap(nominal -> gate.at(nominal, nominal).stream()
                        .map(barrier -> new Forecast(
                                line.target(),
                                nominal,
                                nominal,
                                barrier.outcome(),
                                barrier.message(),
                                false,
                                List.of())))
                .toList();
    }

    private static Forecast forecast(NominalTimes times, Gate gate, ScheduleLine line, NominalTimes.Time time) {
        Optional<Barrier> barrier = gate.at(time.nominal(), time.due());
        return new Forecast(
                line.target(),
                time.nominal(),
                time.due(),
                barrier.map(Barrier::outcome).orElse(FireOutcome.STARTED),
                barrier.map(Barrier::message).orElse(""),
                times.timing().isShifted(time.nominal()),
                List.of());
    }
}
