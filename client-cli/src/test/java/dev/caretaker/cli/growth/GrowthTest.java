package dev.caretaker.cli.growth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CatchUpVerdict;
import dev.caretaker.v1.DatabaseGrowth;
import dev.caretaker.v1.DiskGrowth;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.GetGrowthResponse;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.GrowthForecast;
import dev.caretaker.v1.GrowthForecastState;
import dev.caretaker.v1.GrowthPoint;
import dev.caretaker.v1.GrowthSeries;
import dev.caretaker.v1.GrowthTrend;
import dev.caretaker.v1.OtherTables;
import dev.caretaker.v1.PolicyGrowth;
import dev.caretaker.v1.RowsByValue;
import dev.caretaker.v1.TableGrowth;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.ValueRows;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final long NOON = 1_772_020_800;
    private static final long GIGABYTE = 1L << 30;
    private static final Growth SHOP = Growth.newBuilder()
            .setTarget("shop")
            .setSince(day(-30))
            .setSamples(31)
            .setSampleTime(day(0))
            .setDatabase(DatabaseGrowth.newBuilder()
                    .setBytes(100 * GIGABYTE)
                    .setSeries(series(day -> (70 + day) * GIGABYTE, GIGABYTE))
                    .setDisk(DiskGrowth.newBuilder()
                            .setDiskBytes(500 * GIGABYTE)
                            .setServerBytes(300 * GIGABYTE)
                            .setUnseenDatabases(1)
                            .setFull(expected(200))))
            .addTables(table("events", 50 * GIGABYTE, series(day -> (20 + day) * GIGABYTE, GIGABYTE))
                    .setLimitBytes(60 * GIGABYTE)
                    .setLimit(expected(10)))
            .addTables(table("small", 16_384, series(day -> 16_384, 0)).setEstimated(true))
            .addTables(table(
                    "fresh",
                    8_192,
                    GrowthSeries.newBuilder()
                            .setNote("1 daily sample: a trend needs 5 over at least 3 days.")
                            .build()))
            .setOthers(OtherTables.newBuilder().setTables(3).setBytes(4_096))
            .addPolicies(PolicyGrowth.newBuilder()
                    .setPolicy("old-events")
                    .setTable(TableName.newBuilder().setSchema("public").setName("events"))
                    .setVerdict(CatchUpVerdict.CATCH_UP_VERDICT_NEVER)
                    .setReason("More rows become eligible than cleanups remove.")
                    .setEligibleRows(12_345)
                    .setEligibleExact(true)
                    .setInflowPerDay(1_000)
                    .setOutflowPerDay(400)
                    .setValues(RowsByValue.newBuilder()
                            .setColumn("status")
                            .setExact(true)
                            .addCounts(ValueRows.newBuilder().setValue("done").setRows(7_400))
                            .addCounts(ValueRows.newBuilder().setNullValue(true).setRows(100))
                            .setOtherRows(5)))
            .build();

    private final FakeServer server = new FakeServer();
    private final AtomicReference<GetGrowthRequest> asked = new AtomicReference<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Timestamp day(long day) {
        return Timestamp.newBuilder().setSeconds(NOON + day * 86_400).build();
    }

    private static GrowthForecast expected(int days) {
        return GrowthForecast.newBuilder()
                .setState(GrowthForecastState.GROWTH_FORECAST_STATE_EXPECTED)
                .setTime(day(days))
                .setEarliest(day(days - 1))
                .setLatest(day(days + 2))
                .build();
    }

    private static GrowthSeries series(IntToLongFunction value, double perDay) {
        GrowthSeries.Builder series =
                GrowthSeries.newBuilder().setTrend(GrowthTrend.newBuilder().setPerDay(perDay));
        for (int day = 0; day <= 30; day++) {
            series.addPoints(GrowthPoint.newBuilder().setTime(day(day - 30)).setValue(value.applyAsLong(day)));
        }
        return series.build();
    }

    private static TableGrowth.Builder table(String name, long bytes, GrowthSeries series) {
        return TableGrowth.newBuilder()
                .setTable(TableName.newBuilder().setSchema("public").setName(name))
                .setSampleTime(day(0))
                .setBytes(bytes)
                .setIndexBytes(bytes / 4)
                .setRows(1_000)
                .setSeries(series);
    }

    private Cli cli(Growth growth) {
        server.on("GetGrowth", GetGrowthRequest.class, request -> {
            asked.set(request);
            return GetGrowthResponse.newBuilder().setGrowth(growth).build();
        });
        return Cli.to(server);
    }

    @Test
    void a_line_a_table_says_how_it_grows_and_when_it_passes_its_limit() {
        Cli.Result result = cli(SHOP).run("growth", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("""
                target      shop
                samples     31 since 2026-01-26 12:00:00Z, the latest 2026-02-25 12:00:00Z
                database    100 GB  ▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▅▆▆▆▆▇▇▇▇██  +1 GB a day
                disk        300 GB of 500 GB; full: 2026-09-13 (2026-09-12 and 2026-09-15); not seen: 1 database

                TABLE   TREND                             SIZE  A DAY    ROWS  DEAD  INDEXES  TOAST  LIMIT  PASSES IT   BETWEEN
                events  ▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▅▆▆▆▆▇▇▇▇██   50 GB  +1 GB  ~1,000        12.5 GB         60 GB  2026-03-07  2026-03-06 and 2026-03-09
                small   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄  ~16 kB    0 B  ~1,000           4 kB
                fresh                                     8 kB         ~1,000           2 kB
                3 smaller tables take 4 kB.
                fresh: 1 daily sample: a trend needs 5 over at least 3 days.

                POLICY      TREND                            TO GO  IN A DAY  OUT A DAY  VERDICT
                old-events                                  12,345    ~1,000       ~400  never catches up
                old-events: More rows become eligible than cleanups remove.

                events by status
                  status   ROWS
                  done    7,400
                  NULL      100
                  others      5
                """);
    }

    @Test
    void it_fits_a_terminal_of_80_and_120_columns() {
        for (int columns : new int[] {80, 120}) {
            String out = cli(SHOP)
                    .with("NO_COLOR", "1")
                    .onTerminal(columns)
                    .run("growth", "--target", "shop")
                    .out();
            assertThat(out.lines()).allMatch(line -> line.length() <= columns, "at most " + columns);
            assertThat(out).contains("events", "never catches up", "50 GB", "60 GB");
        }
    }

    @Test
    void what_is_asked_is_passed_on() {
        cli(SHOP).run("growth", "--target", "shop", "--table", "App.\"Jobs\"", "--days", "90");
        assertThat(asked.get().getTable().getName()).isEqualTo("Jobs");
        assertThat(asked.get().getTable().getSchema()).isEqualTo("App");
        assertThat(asked.get().getWindow().getSeconds()).isEqualTo(90 * 86_400);
        assertThat(cli(SHOP).run("growth", "--target", "shop", "--days", "0").exitCode())
                .isEqualTo(2);
        assertThat(cli(SHOP).run("growth").exitCode()).isEqualTo(2);
    }

    @Test
    void without_samples_it_says_so_and_why() {
        Growth none = Growth.newBuilder()
                .setTarget("shop")
                .setSince(day(-30))
                .setFailingSince(day(-1))
                .setFailure("Target shop cannot be reached: refused.")
                .build();
        assertThat(cli(none).run("growth", "--target", "shop").out()).isEqualTo("""
                target      shop
                samples     none since 2026-01-26 12:00:00Z; one a day is taken
                failing     since 2026-02-24 12:00:00Z: Target shop cannot be reached: refused.
                """);
    }

    @Test
    void the_drawing_is_ascii_where_nothing_else_is_understood() {
        Sparkline line = new Sparkline(day(-30), day(0), 4, false);
        assertThat(line.of(series(day -> day, 1).getPointsList())).isEqualTo("_:+#");
        assertThat(new Sparkline(day(-30), day(0), 3, true)
                        .of(series(day -> 5, 0).getPointsList()))
                .isEqualTo("▄▄▄");
        assertThat(new Sparkline(day(-60), day(0), 4, true)
                        .of(series(day -> 30 - day, 0).getPointsList()))
                .isEqualTo("  █▁");
    }
}
