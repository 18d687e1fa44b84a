package dev.caretaker.server.report.gather;

import dev.caretaker.server.report.Period;
import dev.caretaker.server.report.TargetReport;
import dev.caretaker.server.report.TargetReport.Lane;
import dev.caretaker.server.report.TargetReport.SpanLine;
import dev.caretaker.server.report.TargetReport.Stretch;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows;
import dev.caretaker.server.store.ReportRows.Span;
import dev.caretaker.server.store.RunKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Gives figures over time the shape of a picture: a bounded number of parts, whatever the period. */
final class Shapes {
    private static final int NOTHING = -1;
    private static final int FIRST_GRAVE = 2;
    private static final Duration HOURLY = Duration.ofDays(2);
    private static final Duration DAILY = Duration.ofDays(70);

    private Shapes() {}

    /** An hour, a day or a week: 70 of them at most. */
    static Duration span(Period period) {
        if (period.length().compareTo(HOURLY) <= 0) {
            return Duration.ofHours(1);
        }
        return period.length().compareTo(DAILY) <= 0 ? Duration.ofDays(1) : Duration.ofDays(7);
    }

    /** All spans of the period, those in which nothing was removed included. */
    static List<SpanLine> spans(Period period, Duration span, List<Span> removed) {
        Map<Integer, Span> byNumber = removed.stream().collect(Collectors.toMap(Span::number, Function.identity()));
        List<SpanLine> lines = new ArrayList<>();
        Instant start = period.since();
        for (int number = 0; start.isBefore(period.until()); number++) {
            Span one = byNumber.getOrDefault(number, new Span(number, 0, 0));
            lines.add(new SpanLine(start, one.rowsDeleted(), one.bytesReturned()));
            start = start.plus(span);
        }
        return lines;
    }

    /** Of every slot the gravest, and slots that are alike as one. */
    static List<Lane> lanes(List<ReportRows.Lane> rows) {
        Map<RunKind, int[]> slots = new EnumMap<>(RunKind.class);
        for (ReportRows.Lane row : rows) {
            int[] lane = slots.computeIfAbsent(row.kind(), kind -> empty());
            for (int slot = row.first(); slot <= row.last(); slot++) {
                lane[slot] = Math.max(lane[slot], row.grave());
            }
        }
        return slots.entrySet().stream()
                .map(entry -> new Lane(entry.getKey(), stretches(entry.getValue())))
                .toList();
    }

    private static int[] empty() {
        int[] lane = new int[TargetReport.SLOTS];
        Arrays.fill(lane, NOTHING);
        return lane;
    }

    private static List<Stretch> stretches(int[] lane) {
        List<Stretch> stretches = new ArrayList<>();
        int first = 0;
        for (int slot = 1; slot <= lane.length; slot++) {
            if (slot == lane.length || lane[slot] != lane[first]) {
                if (lane[first] != NOTHING) {
                    stretches.add(new Stretch(first, slot - 1, outcome(lane[first])));
                }
                first = slot;
            }
        }
        return stretches;
    }

    private static Optional<Outcome> outcome(int grave) {
        if (grave >= FIRST_GRAVE) {
            return Optional.of(ReportRows.GRAVE.get(grave - FIRST_GRAVE));
        }
        return grave == 0 ? Optional.of(Outcome.COMPLETE) : Optional.empty();
    }
}
