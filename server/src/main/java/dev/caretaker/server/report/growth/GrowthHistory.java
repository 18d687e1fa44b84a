package dev.caretaker.server.report.growth;

import dev.caretaker.server.config.GrowthConfig;
import dev.caretaker.server.config.GrowthConfig.Limits;
import dev.caretaker.server.config.RetentionConfig;
import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.report.growth.CatchUp.Count;
import dev.caretaker.server.report.growth.Growth.DatabaseGrowth;
import dev.caretaker.server.report.growth.Growth.DiskGrowth;
import dev.caretaker.server.report.growth.Growth.PolicyGrowth;
import dev.caretaker.server.report.growth.Growth.TableGrowth;
import dev.caretaker.server.report.growth.GrowthSample.Cause;
import dev.caretaker.server.report.growth.GrowthSample.Content;
import dev.caretaker.server.report.growth.GrowthSample.PolicyRows;
import dev.caretaker.server.report.growth.GrowthSample.TableSize;
import dev.caretaker.server.report.growth.GrowthStore.Removal;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What the samples of targets tell. Reads the control store alone: no target is asked anything. All methods fail with
 * CONTROL_STORE_UNREACHABLE if the store does not answer.
 */
@Singleton
public class GrowthHistory {
    private final GrowthStore store;
    private final GrowthConfig config;
    private final RetentionConfig retention;
    private final Clock clock;

    GrowthHistory(GrowthStore store, GrowthConfig config, RetentionConfig retention, Clock clock) {
        this.store = store;
        this.config = config;
        this.retention = retention;
        this.clock = clock;
    }

    /** Samples as they were taken, oldest first. */
    public List<GrowthSample> samples(String target, Instant since) {
        return store.list(target, since);
    }

    /** How a target grew lately. A target of which there is no sample is told as that. */
    public Growth of(String target, Duration window) {
        return of(target, clock.instant().minus(window), Optional.empty());
    }

    /**
     * The same from a moment on.
     *
     * @param table only that one, also if it is gone, or too small by now to be kept by itself
     */
    public Growth of(String target, Instant since, Optional<TableName> table) {
        List<GrowthSample> all = store.list(target, since);
        List<GrowthSample> daily =
                all.stream().filter(sample -> sample.cause() == Cause.DAILY).toList();
        Optional<GrowthSample> latest = all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        Limits limits = config.limits(target);
        return new Growth(
                target,
                since,
                all.size(),
                latest.map(GrowthSample::taken),
                store.failing(target).map(failing -> new Growth.Failing(failing.since(), failing.error())),
                latest.map(sample -> database(daily, sample, limits)),
                tables(all, daily, latest, limits, table),
                latest.flatMap(sample -> sample.content().others()).filter(others -> table.isEmpty()),
                latest.map(sample -> policies(target, since, daily, sample)).orElse(List.of()).stream()
                        .filter(policy -> table.isEmpty() || table.get().equals(policy.table()))
                        .toList());
    }

    private static DatabaseGrowth database(List<GrowthSample> daily, GrowthSample latest, Limits limits) {
        long bytes = latest.content().databaseBytes();
        return new DatabaseGrowth(
                bytes, Series.ofBytes(points(daily, Content::databaseBytes)), disk(daily, latest, limits));
    }

    private static Optional<DiskGrowth> disk(List<GrowthSample> daily, GrowthSample latest, Limits limits) {
        OptionalLong server = latest.content().serverBytes();
        if (limits.diskBytes().isEmpty() || server.isEmpty()) {
            return Optional.empty();
        }
        List<Point> points = daily.stream()
                .filter(sample -> sample.content().serverBytes().isPresent())
                .map(sample ->
                        new Point(sample.taken(), sample.content().serverBytes().getAsLong()))
                .toList();
        Series series = Series.ofBytes(points);
        long disk = limits.diskBytes().getAsLong();
        return Optional.of(new DiskGrowth(
                disk,
                server.getAsLong(),
                latest.content().unseenDatabases(),
                series,
                Forecast.of(new Point(latest.taken(), server.getAsLong()), series.trend(), disk)));
    }

    private static List<TableGrowth> tables(
            List<GrowthSample> all,
            List<GrowthSample> daily,
            Optional<GrowthSample> latest,
            Limits limits,
            Optional<TableName> only) {
        Map<TableName, GrowthSample> wanted = new LinkedHashMap<>();
        if (only.isPresent()) {
            all.stream()
                    .filter(sample -> find(sample, only.get()).isPresent())
                    .max(Comparator.comparing(GrowthSample::taken))
                    .ifPresent(sample -> wanted.put(only.get(), sample));
        } else {
            latest.ifPresent(sample -> sample.content().tables().forEach(size -> wanted.put(size.table(), sample)));
        }
        Map<TableName, List<Point>> bytes = byTable(daily, TableSize::bytes);
        Map<TableName, List<Point>> rows = byTable(daily, TableSize::rows);
        List<TableGrowth> tables = new ArrayList<>();
        wanted.forEach((table, sample) -> tables.add(table(
                find(sample, table).orElseThrow(),
                sample.taken(),
                Series.ofBytes(bytes.getOrDefault(table, List.of())),
                Series.of(rows.getOrDefault(table, List.of())),
                limits.of(table.toString()))));
        return tables;
    }

    private static TableGrowth table(TableSize size, Instant taken, Series series, Series rows, OptionalLong limit) {
        Optional<Forecast> forecast = limit.isEmpty()
                ? Optional.empty()
                : Optional.of(Forecast.of(new Point(taken, size.bytes()), series.trend(), limit.getAsLong()));
        return new TableGrowth(size.table(), size, taken, series, rows, limit, forecast);
    }

    private static Optional<TableSize> find(GrowthSample sample, TableName table) {
        return sample.content().tables().stream()
                .filter(size -> size.table().equals(table))
                .findFirst();
    }

    private static Map<TableName, List<Point>> byTable(List<GrowthSample> daily, ToDoubleFunction<TableSize> value) {
        Map<TableName, List<Point>> points = new LinkedHashMap<>();
        for (GrowthSample sample : daily) {
            for (TableSize size : sample.content().tables()) {
                points.computeIfAbsent(size.table(), table -> new ArrayList<>())
                        .add(new Point(sample.taken(), value.applyAsDouble(size)));
            }
        }
        return points;
    }

    private static List<Point> points(List<GrowthSample> daily, Function<Content, Long> value) {
        return daily.stream()
                .map(sample -> new Point(sample.taken(), value.apply(sample.content())))
                .toList();
    }

    private List<PolicyGrowth> policies(String target, Instant since, List<GrowthSample> daily, GrowthSample latest) {
        Instant kept = clock.instant().minus(retention.span(Kept.RUNS));
        Instant known = since.isAfter(kept) ? since : kept;
        List<Removal> removals = store.removals(target, known);
        return latest.content().policies().stream()
                .map(rows -> policy(rows, daily, latest, removals, known))
                .toList();
    }

    private static PolicyGrowth policy(
            PolicyRows rows, List<GrowthSample> daily, GrowthSample latest, List<Removal> removals, Instant known) {
        List<Count> counts =
                daily.stream().flatMap(sample -> count(sample, rows).stream()).toList();
        List<Removal> own = removals.stream()
                .filter(removal -> removal.policy().equals(rows.policy()))
                .toList();
        return new PolicyGrowth(
                rows.policy(),
                rows.table(),
                CatchUp.of(counts, count(latest, rows), own, known),
                rows.problem(),
                rows.values());
    }

    /** Of the same policy on the same table: one of that name may have been of another. */
    private static Optional<Count> count(GrowthSample sample, PolicyRows wanted) {
        return sample.content().policies().stream()
                .filter(rows -> rows.policy().equals(wanted.policy())
                        && rows.table().equals(wanted.table())
                        && rows.eligible().isPresent())
                .map(rows -> new Count(sample.taken(), rows.eligible().getAsLong(), rows.exact()))
                .findFirst();
    }
}
