package dev.caretaker.server.http;

import dev.caretaker.server.http.Successes.Key;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.Measurement.Measure;
import dev.caretaker.server.store.WorkLook;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Shows the latest figures of detections and samples. */
final class MeasuredGauges {
    /** Most transactions that may lie behind the oldest one that is not frozen. */
    private static final double MOST_XIDS = Math.pow(2, 31);

    private final Gauges gauges;
    private final Clock clock;

    MeasuredGauges(Gauges gauges, Clock clock) {
        this.gauges = gauges;
        this.clock = clock;
    }

    /** @param all of targets that are configured */
    void show(List<Measurement> all, Map<Key, WorkLook.Success> done) {
        List<Measurement> known = current(all);
        gauges.overdue.register(rows(known, Measure.POLICY_OVERDUE, "policy", one -> overdue(one, done)), true);
        gauges.eligibleRows.register(rows(known, Measure.POLICY_ELIGIBLE, "policy", one -> overdue(one, done)), true);
        gauges.policyRows.register(byValue(known), true);
        gauges.bloat.register(bloat(known), true);
        gauges.horizon.register(oldest(known, Measure.HORIZON_AGE, 1), true);
        gauges.staleStatistics.register(oldest(known, Measure.STALE_STATISTICS, 1), true);
        gauges.runway.register(rows(known, Measure.SET_RUNWAY, "set", Measurement::value), true);
        gauges.defaultRows.register(rows(known, Measure.SET_DEFAULT_ROWS, "set", Measurement::value), true);
        gauges.xids.register(oldest(known, Measure.XID_AGE, MOST_XIDS), true);
        gauges.mxids.register(oldest(known, Measure.MXID_AGE, MOST_XIDS), true);
        gauges.pendingDetaches.register(oldest(known, Measure.PENDING_DETACHES, 1), true);
        taken(known);
    }

    /** Without rows by a value that was not in the policy's latest sample: no filter names it any more. */
    private static List<Measurement> current(List<Measurement> all) {
        Map<Key, Instant> latest = all.stream()
                .filter(one -> one.measure() == Measure.POLICY_ROWS)
                .collect(Collectors.toMap(
                        one -> new Key("policy", one.target(), policy(one)),
                        Measurement::taken,
                        (one, other) -> one.isAfter(other) ? one : other));
        return all.stream()
                .filter(one -> one.measure() != Measure.POLICY_ROWS
                        || one.taken().equals(latest.get(new Key("policy", one.target(), policy(one)))))
                .toList();
    }

    private static List<Row<?>> byValue(List<Measurement> known) {
        return known.stream()
                .filter(one -> one.measure() == Measure.POLICY_ROWS)
                .<Row<?>>map(one -> Row.of(
                        Tags.of(
                                "target",
                                one.target(),
                                "policy",
                                policy(one),
                                "value",
                                one.name().substring(policy(one).length() + 1)),
                        one.value()))
                .toList();
    }

    private static String policy(Measurement rows) {
        return rows.name().substring(0, rows.name().indexOf('/'));
    }

    private static List<Row<?>> bloat(List<Measurement> known) {
        return known.stream()
                .filter(one -> one.measure() == Measure.TABLE_BLOAT || one.measure() == Measure.INDEX_BLOAT)
                .<Row<?>>map(one -> Row.of(
                        Tags.of(
                                "target",
                                one.target(),
                                "kind",
                                one.measure() == Measure.TABLE_BLOAT ? "tables" : "indexes"),
                        one.value()))
                .toList();
    }

    /** The largest of each target, in another unit. */
    private static List<Row<?>> oldest(List<Measurement> known, Measure measure, double unit) {
        Map<String, Double> largest = known.stream()
                .filter(one -> one.measure() == measure)
                .collect(Collectors.toMap(Measurement::target, Measurement::value, Math::max, TreeMap::new));
        List<Row<?>> rows = new ArrayList<>();
        largest.forEach((target, value) -> rows.add(Row.of(Tags.of("target", target), value / unit)));
        return rows;
    }

    /** A cleanup that was planned after the look and ended well has left nothing. */
    private static double overdue(Measurement one, Map<Key, WorkLook.Success> done) {
        WorkLook.Success success = done.get(new Key("policy", one.target(), one.name()));
        return success != null && success.since().isAfter(one.taken()) ? 0 : one.value();
    }

    /** By target and measure, of the one whose look is longest ago. */
    private void taken(List<Measurement> known) {
        Map<Tags, Instant> oldest = known.stream()
                .collect(Collectors.toMap(
                        one -> Tags.of(
                                "target",
                                one.target(),
                                "measure",
                                one.measure().text().replace('-', '_')),
                        Measurement::taken,
                        (one, other) -> one.isBefore(other) ? one : other));
        List<Row<?>> rows = new ArrayList<>();
        oldest.forEach((tags, taken) -> rows.add(Row.of(
                tags, taken, at -> Duration.between(at, clock.instant()).toMillis() / 1e3)));
        gauges.measurementAges.register(rows, true);
    }

    private static List<Row<?>> rows(
            List<Measurement> known, Measure measure, String label, ToDoubleFunction<Measurement> value) {
        return known.stream()
                .filter(one -> one.measure() == measure)
                .<Row<?>>map(
                        one -> Row.of(Tags.of("target", one.target(), label, one.name()), value.applyAsDouble(one)))
                .toList();
    }
}
