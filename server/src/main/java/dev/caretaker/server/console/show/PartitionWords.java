package dev.caretaker.server.console.show;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionPhaseKind;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RetiredPartitionEnd;
import dev.caretaker.v1.RetiredState;
import dev.caretaker.v1.UpkeepAction;
import java.time.Duration;
import java.util.Locale;

/** Partition sets, upkeep and conversions, in words. */
public final class PartitionWords {
    private static final int USUAL_AHEAD = 4;
    private static final Duration USUAL_AHEAD_TIME = Duration.ofDays(15);
    private static final Duration USUAL_HOLD = Duration.ofDays(7);

    private PartitionWords() {}

    /** "each month", "each 7 days in Europe/Berlin", "each 10,000 keys". */
    public static String grid(PartitionGrid grid) {
        if (grid.hasInteger()) {
            return "each " + Show.count(grid.getInteger().getStep(), "key", "keys");
        }
        CalendarGrid calendar = grid.getCalendar();
        String unit = unit(calendar.getUnit());
        String zone =
                calendar.getZone().isEmpty() || calendar.getZone().equals("UTC") ? "" : " in " + calendar.getZone();
        return "each " + (calendar.getCount() <= 1 ? unit : Show.count(calendar.getCount(), unit, unit + "s")) + zone;
    }

    public static String of(ConversionLoss loss) {
        return switch (loss) {
            case CONVERSION_LOSS_UNIQUE_NARROWED -> "unique keys hold within each partition only";
            case CONVERSION_LOSS_FOREIGN_KEYS_DROPPED -> "foreign keys of other tables on this one are dropped";
            case CONVERSION_LOSS_PUBLICATION_CHANGED -> "subscribers see changes under the names of partitions";
            case CONVERSION_LOSS_ROW_TYPE_LEFT ->
                "functions and columns of the table's row type stay with the old rows";
            case CONVERSION_LOSS_NULL_KEYS_REFUSED -> "rows without a value of the key are refused";
            case CONVERSION_LOSS_KEY_CHANGED_BY_TRIGGER -> "rows whose key a trigger moves elsewhere are refused";
            case CONVERSION_LOSS_UNSPECIFIED, UNRECOGNIZED -> "what is not known here";
        };
    }

    public static String unit(CalendarUnit unit) {
        return unit.name().replaceFirst("^CALENDAR_UNIT_", "").toLowerCase(Locale.ROOT);
    }

    public static String ahead(PartitionsAhead ahead, PartitionGrid grid) {
        String partitions =
                Show.count(ahead.getPartitions() == 0 ? USUAL_AHEAD : ahead.getPartitions(), "partition", "partitions");
        if (grid.hasInteger()) {
            return partitions;
        }
        Duration time = ahead.hasDuration() ? Moments.duration(ahead.getDuration()) : USUAL_AHEAD_TIME;
        return partitions + ", and " + Spans.words(time);
    }

    /** What stays, and what becomes of the rest. */
    public static String retirement(PartitionRetirement retirement) {
        String keeps = switch (retirement.getKeepCase()) {
            case DURATION ->
                Figures.keeps(Retention.newBuilder()
                        .setDuration(retirement.getDuration())
                        .build());
            case CALENDAR ->
                Figures.keeps(Retention.newBuilder()
                        .setCalendar(retirement.getCalendar())
                        .build());
            case PARTITIONS -> Show.count(retirement.getPartitions(), "partition", "partitions");
            case KEEP_NOT_SET -> "all";
        };
        Duration hold = retirement.hasHold() ? Moments.duration(retirement.getHold()) : USUAL_HOLD;
        String end;
        if (retirement.getEnd() == RetiredPartitionEnd.RETIRED_PARTITION_END_KEEP) {
            end = "then detached, and kept";
        } else if (retirement.hasArchive()) {
            end = "then detached, held for " + Spans.words(hold) + ", archived and dropped";
        } else {
            end = "then detached, held for " + Spans.words(hold) + " and dropped";
        }
        return keeps + ", " + end;
    }

    public static String of(DefaultPartition rule) {
        return switch (rule) {
            case DEFAULT_PARTITION_ENSURE -> "made where there is none";
            case DEFAULT_PARTITION_ADOPT -> "becomes the partition of the gap in which its rows lie";
            case DEFAULT_PARTITION_LEAVE, DEFAULT_PARTITION_UNSPECIFIED, UNRECOGNIZED -> "left as it is";
        };
    }

    public static String of(UpkeepAction action) {
        return switch (action) {
            case UPKEEP_ACTION_FINISH_DETACH -> "Finish the detach of";
            case UPKEEP_ACTION_CREATE -> "Create";
            case UPKEEP_ACTION_CREATE_DEFAULT -> "Create the default partition";
            case UPKEEP_ACTION_ADOPT_DEFAULT -> "Adopt the default partition as";
            case UPKEEP_ACTION_DETACH -> "Detach";
            case UPKEEP_ACTION_DROP -> "Drop";
            case UPKEEP_ACTION_REATTACH -> "Attach again";
            default -> lower(action.name(), "UPKEEP_ACTION_");
        };
    }

    public static String of(RetiredState state) {
        return lower(state.name(), "RETIRED_STATE_");
    }

    public static String of(ConversionState state) {
        return switch (state) {
            case CONVERSION_STATE_PLANNED -> "planned";
            case CONVERSION_STATE_STARTED -> "at work";
            case CONVERSION_STATE_CONVERTED -> "converted";
            case CONVERSION_STATE_REVERTED -> "taken back";
            case CONVERSION_STATE_WAITING -> "waits for the cut-over";
            case CONVERSION_STATE_BROKEN_OFF -> "broken off";
            case CONVERSION_STATE_EXPIRED -> "expired";
            case CONVERSION_STATE_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String tone(ConversionState state) {
        return switch (state) {
            case CONVERSION_STATE_CONVERTED, CONVERSION_STATE_STARTED -> "good";
            case CONVERSION_STATE_WAITING -> "attention";
            case CONVERSION_STATE_BROKEN_OFF -> "critical";
            case CONVERSION_STATE_PLANNED,
                    CONVERSION_STATE_REVERTED,
                    CONVERSION_STATE_EXPIRED,
                    CONVERSION_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> "quiet";
        };
    }

    public static String of(ConversionPhaseKind phase) {
        return switch (phase) {
            case CONVERSION_PHASE_KIND_INDEXES -> "Indexes are built beside";
            case CONVERSION_PHASE_KIND_BOUND -> "Rows are bound below the boundary";
            case CONVERSION_PHASE_KIND_VALIDATE -> "The bound is validated: the table is read once";
            case CONVERSION_PHASE_KIND_PARENT -> "The partitioned table is made";
            case CONVERSION_PHASE_KIND_CUT_OVER -> "Cut-over: the table becomes its partition";
            case CONVERSION_PHASE_KIND_ANALYZE -> "Statistics are gathered";
            case CONVERSION_PHASE_KIND_REVERT -> "The way back";
            case CONVERSION_PHASE_KIND_REVALIDATE -> "The way back is validated";
            case CONVERSION_PHASE_KIND_UNSPECIFIED, UNRECOGNIZED -> "Something else";
        };
    }

    private static String lower(String constant, String prefix) {
        return constant.substring(constant.startsWith(prefix) ? prefix.length() : 0)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
