package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a form says of a conversion that is to be planned. */
public final class ConversionForm {
    private static final int LONGEST_NAME = 63;

    private ConversionForm() {}

    /** Grids that the form offers; others are for the CLI. */
    public static List<CalendarUnit> units() {
        return List.of(
                CalendarUnit.CALENDAR_UNIT_DAY,
                CalendarUnit.CALENDAR_UNIT_WEEK,
                CalendarUnit.CALENDAR_UNIT_MONTH,
                CalendarUnit.CALENDAR_UNIT_QUARTER,
                CalendarUnit.CALENDAR_UNIT_YEAR);
    }

    /** A table by calendar. */
    static PlanConversionRequest read(Request request) {
        String table = request.text("table");
        CalendarUnit unit = units().stream()
                .filter(one -> one.name().equals(request.field("unit")))
                .findFirst()
                .orElseThrow(() -> new BadRequest("Choose how long a partition is."));
        return request(request)
                .setKeyColumn(request.text("column"))
                .setSet(PartitionSet.newBuilder()
                        .setName(name(table))
                        .setTarget(request.field("target"))
                        .setTable(TableName.newBuilder()
                                .setSchema(request.text("schema"))
                                .setName(table))
                        .setGrid(PartitionGrid.newBuilder()
                                .setCalendar(CalendarGrid.newBuilder().setUnit(unit))))
                .build();
    }

    /** The same table again, with losses that the form accepts and those that had been. */
    static PlanConversionRequest again(Request request, Conversion conversion) {
        List<String> accepted = request.fields("loss");
        return request(request)
                .setKeyColumn(conversion.getKeyColumn())
                .setSet(conversion.getSet())
                .addAllAcceptedLosses(Arrays.stream(ConversionLoss.values())
                        .filter(loss -> accepted.contains(loss.name()) || isAccepted(conversion, loss))
                        .toList())
                .build();
    }

    private static boolean isAccepted(Conversion conversion, ConversionLoss loss) {
        return conversion.getObstaclesList().stream()
                .anyMatch(obstacle -> obstacle.getAccepted() && obstacle.getLoss() == loss);
    }

    /** Losses that are in the way and could be accepted. */
    static List<ConversionLoss> open(Conversion conversion) {
        return conversion.getObstaclesList().stream()
                .filter(obstacle -> !obstacle.getAccepted())
                .map(ConversionObstacle::getLoss)
                .filter(loss ->
                        loss != ConversionLoss.CONVERSION_LOSS_UNSPECIFIED && loss != ConversionLoss.UNRECOGNIZED)
                .distinct()
                .toList();
    }

    private static PlanConversionRequest.Builder request(Request request) {
        return PlanConversionRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor());
    }

    /** That of the table as far as a set may be called so. */
    private static String name(String table) {
        String plain = table.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
        String name = plain.matches("[a-z].*") ? plain : "t" + plain;
        return name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }
}
