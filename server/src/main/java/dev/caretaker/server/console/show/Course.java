package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.show.Curve.Spot;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.CoursePoint;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * How a run went over time, drawn 100 wide and 30 high.
 *
 * @param lines what was done by when
 * @param bars the longest batches of spans of the same length, in order; empty if there were none
 * @param longest of these
 * @param took from the first moment to the last that is drawn
 */
public record Course(List<Line> lines, List<Bar> bars, Duration longest, Duration took) {
    /** Points of a course: about what an eye tells apart in pictures of this size. */
    public static final int POINTS = 120;

    public static final Course NONE = new Course(List.of(), List.of(), Duration.ZERO, Duration.ZERO);

    private static final double HEIGHT = 30;
    private static final double LOWEST = 0.6;
    private static final double WIDTH = 100;

    /**
     * What was done.
     *
     * @param most in words: how much by the end
     */
    public record Line(String title, Curve curve, String most) {}

    /** Where the bar of a batch begins, its width and its height. */
    public record Bar(String x, String width, String height) {}

    /** It begins with the run, and ends with it if that has. */
    public static Course of(Run run, List<CoursePoint> points) {
        boolean ended = run.getState() == RunState.RUN_STATE_ENDED;
        if (points.isEmpty() || !run.hasStartTime() || !ended && points.size() < 2) {
            return NONE;
        }
        Timestamp first = run.getStartTime();
        Timestamp last = ended ? run.getEndTime() : points.getLast().getTime();
        Duration took = Duration.between(Moments.instant(first), Moments.instant(last));
        CoursePoint end = end(run, points.getLast(), last);
        List<CoursePoint> all = new ArrayList<>(points);
        all.addFirst(CoursePoint.newBuilder().setTime(first).build());
        if (ended) {
            all.add(end);
        }
        List<Line> lines = new ArrayList<>();
        if (end.getRowsDone() > 0) {
            String title = run.getKind() == RunKind.RUN_KIND_RESTORE ? "Rows brought back" : "Rows removed";
            lines.add(line(title, all, CoursePoint::getRowsDone, Show.count(end.getRowsDone())));
        }
        if (end.getBytesDone() > 0) {
            lines.add(line("Bytes removed", all, CoursePoint::getBytesDone, "~" + Show.bytes(end.getBytesDone())));
        }
        // Of a cleanup that is the vacuum that follows it.
        if (lines.isEmpty() && end.getBytesProcessed() > 0) {
            lines.add(line(
                    "Bytes gone through", all, CoursePoint::getBytesProcessed, Show.bytes(end.getBytesProcessed())));
        }
        Duration longest = points.stream()
                .map(point -> Moments.duration(point.getLongestBatch()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Course(
                List.copyOf(lines), bars(points, Moments.instant(first).toEpochMilli(), took, longest), longest, took);
    }

    /** The sums of the run know more than the progress that was told last. */
    private static CoursePoint end(Run run, CoursePoint latest, Timestamp at) {
        return latest.toBuilder()
                .setTime(at)
                .setRowsDone(Math.max(latest.getRowsDone(), run.getTotals().getRowsDeleted()))
                .setBytesDone(Math.max(latest.getBytesDone(), run.getTotals().getBytesDeleted()))
                .clearLongestBatch()
                .build();
    }

    private static Line line(String title, List<CoursePoint> points, ToLongFunction<CoursePoint> value, String most) {
        List<Spot> spots = points.stream()
                .map(point -> new Spot(point.getTime(), value.applyAsLong(point)))
                .toList();
        return new Line(title, Curve.of(spots, 0).orElseThrow(), most);
    }

    private static List<Bar> bars(List<CoursePoint> points, double from, Duration took, Duration longest) {
        if (longest.isZero()) {
            return List.of();
        }
        double width = WIDTH / Math.max(POINTS, points.size()) * 0.8;
        return points.stream()
                .filter(CoursePoint::hasLongestBatch)
                .map(point -> {
                    double place = Moments.instant(point.getTime()).toEpochMilli() - from;
                    double share = Moments.duration(point.getLongestBatch()).toNanos() / (double) longest.toNanos();
                    return new Bar(
                            number(Math.clamp(place / Math.max(1, took.toMillis()) * WIDTH - width, 0, WIDTH - width)),
                            number(width),
                            number(Math.max(LOWEST, share * HEIGHT)));
                })
                .toList();
    }

    public boolean isThere() {
        return !lines.isEmpty() || !bars.isEmpty();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
