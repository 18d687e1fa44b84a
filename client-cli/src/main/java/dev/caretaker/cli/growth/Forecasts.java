package dev.caretaker.cli.growth;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table.Cell;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.GrowthForecast;
import dev.caretaker.v1.GrowthForecastState;
import dev.caretaker.v1.GrowthSeries;

/** Trends and forecasts in a few words. */
final class Forecasts {
    private static final int DATE = 10;

    private Forecasts() {}

    /** Bytes a day, with a sign; empty without a trend. */
    static String bytesPerDay(GrowthSeries series) {
        return series.hasTrend() ? signed(series.getTrend().getPerDay()) : "";
    }

    private static String signed(double bytes) {
        long rounded = Math.round(bytes);
        return (rounded > 0 ? "+" : "") + Human.bytes(rounded);
    }

    /** Between which days it happens, by the ends of the rate's interval; empty if it is not expected. */
    static String between(GrowthForecast forecast) {
        if (forecast.getState() != GrowthForecastState.GROWTH_FORECAST_STATE_EXPECTED) {
            return "";
        }
        return day(forecast.getEarliest()) + " and " + (forecast.hasLatest() ? day(forecast.getLatest()) : "far off");
    }

    /** When it happens. */
    static String when(GrowthForecast forecast) {
        return switch (forecast.getState()) {
            case GROWTH_FORECAST_STATE_REACHED -> "now";
            case GROWTH_FORECAST_STATE_EXPECTED -> day(forecast.getTime());
            case GROWTH_FORECAST_STATE_BEYOND -> "not before " + day(forecast.getBeyond());
            case GROWTH_FORECAST_STATE_NOT_GROWING -> "does not grow";
            case GROWTH_FORECAST_STATE_UNCLEAR -> "unclear";
            case GROWTH_FORECAST_STATE_UNKNOWN -> "too few samples";
            case GROWTH_FORECAST_STATE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    static Cell cell(GrowthForecast forecast) {
        return new Cell(when(forecast), style(forecast.getState()));
    }

    static Style style(GrowthForecastState state) {
        return switch (state) {
            case GROWTH_FORECAST_STATE_REACHED -> Style.BAD;
            case GROWTH_FORECAST_STATE_EXPECTED -> Style.CAREFUL;
            case GROWTH_FORECAST_STATE_BEYOND, GROWTH_FORECAST_STATE_NOT_GROWING -> Style.GOOD;
            default -> Style.DIM;
        };
    }

    private static String day(Timestamp time) {
        return Human.instant(time).substring(0, DATE);
    }
}
