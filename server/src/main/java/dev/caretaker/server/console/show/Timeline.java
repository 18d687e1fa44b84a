package dev.caretaker.server.console.show;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.RetiredState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The partitions of a set along their keys, for an inline SVG that is 100 wide.
 *
 * @param spans in order
 * @param now where now is; empty if keys are no times
 * @param from the first bound, as text
 * @param to the last
 */
public record Timeline(List<Span> spans, String now, String from, String to) {
    /** More are drawn together with their neighbours. */
    private static final int MOST = 160;
    /** Of the whole, what has no end is drawn so wide. */
    private static final double ENDLESS = 0.04;

    /** What a part of the line is. */
    public enum Kind {
        HELD("held"),
        PAST("past"),
        NOW("now"),
        AHEAD("ahead"),
        GAP("gap");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * One part.
     *
     * @param count partitions in it; 0 for a gap
     * @param title its name and bounds
     */
    public record Span(Kind kind, double start, double end, int count, String title) {
        /** Left edge in an SVG 100 wide; whether gaps between the parts stay is up to the stroke. */
        public String x() {
            return share(start);
        }

        public String width() {
            return share(Math.max(end - start, 0.25));
        }
    }

    /** A part before it is put in place; NaN where it has no end. */
    private record Piece(Kind kind, double from, double to, String title) {}

    /** @param partitions all of the table, of which those of the first level count */
    public static Timeline of(List<Partition> partitions, List<RetiredPartition> retired, KeyLine line, Instant now) {
        double present = line.isTime() ? now.getEpochSecond() : Double.NaN;
        List<Piece> attached = new ArrayList<>(partitions.stream()
                .filter(one -> one.getLevel() == 1 && one.hasRange())
                .map(one -> attached(one, line, present))
                .sorted(Comparator.comparingDouble(
                        piece -> Double.isNaN(piece.from()) ? -Double.MAX_VALUE : piece.from()))
                .toList());
        List<Piece> pieces = new ArrayList<>(attached);
        retired.stream()
                .filter(one -> one.getState() == RetiredState.RETIRED_STATE_HELD
                        || one.getState() == RetiredState.RETIRED_STATE_DETACHING)
                .map(one -> new Piece(
                        Kind.HELD,
                        at(one.getRange().getFrom(), line),
                        at(one.getRange().getTo(), line),
                        title(Figures.table(one.getPartition()), one.getRange())))
                .forEach(pieces::add);
        pieces.addAll(gaps(attached, present));
        return placed(pieces, present, line);
    }

    private static Piece attached(Partition one, KeyLine line, double present) {
        double from = at(Figures.from(one), line);
        double to = at(Figures.to(one), line);
        Kind kind = Kind.PAST;
        if (!Double.isNaN(present) && !(to <= present)) {
            kind = from > present ? Kind.AHEAD : Kind.NOW;
        }
        PartitionRange range = PartitionRange.newBuilder()
                .setFrom(Figures.from(one))
                .setTo(Figures.to(one))
                .build();
        return new Piece(kind, from, to, title(Figures.table(one.getName()), range));
    }

    private static List<Piece> gaps(List<Piece> attached, double present) {
        List<Piece> gaps = new ArrayList<>();
        double covered = Double.NaN;
        for (Piece piece : attached) {
            if (piece.from() > covered) {
                gaps.add(new Piece(Kind.GAP, covered, piece.from(), "No partition"));
            }
            covered = Double.isNaN(piece.to())
                    ? Double.MAX_VALUE
                    : Math.max(piece.to(), Double.isNaN(covered) ? piece.to() : covered);
        }
        if (present > covered) {
            gaps.add(new Piece(Kind.GAP, covered, present, "No partition"));
        }
        return gaps;
    }

    private static Timeline placed(List<Piece> pieces, double present, KeyLine line) {
        double[] ends = pieces.stream()
                .flatMap(piece -> List.of(piece.from(), piece.to()).stream())
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        double first = Arrays.stream(ends).min().orElse(0);
        double last = Arrays.stream(ends).max().orElse(first + 1);
        double margin = Math.max(1, last - first) * ENDLESS;
        boolean openBefore = pieces.stream().anyMatch(piece -> Double.isNaN(piece.from()));
        boolean openAfter = pieces.stream().anyMatch(piece -> Double.isNaN(piece.to()));
        double low = openBefore ? first - margin : first;
        double high = openAfter ? last + margin : Math.max(last, low + 1);
        List<Span> spans = pieces.stream()
                .map(piece -> new Span(
                        piece.kind(),
                        place(Double.isNaN(piece.from()) ? low : piece.from(), low, high),
                        place(Double.isNaN(piece.to()) ? high : piece.to(), low, high),
                        piece.kind() == Kind.GAP ? 0 : 1,
                        piece.title()))
                .sorted(Comparator.comparingDouble(Span::start))
                .toList();
        return new Timeline(
                spans.size() > MOST ? merged(spans) : spans,
                Double.isNaN(present) ? "" : share(place(present, low, high)),
                openBefore ? "the beginning" : label(low, line),
                openAfter ? "the end" : label(high, line));
    }

    private static String label(double at, KeyLine line) {
        return line.isTime()
                ? Show.date(Instant.ofEpochSecond((long) at)).replace(", 00:00", "")
                : Show.count((long) at);
    }

    private static List<Span> merged(List<Span> spans) {
        List<Span> merged = new ArrayList<>();
        for (Span span : spans) {
            Span before = merged.isEmpty() ? span : merged.getLast();
            if (before != span && before.kind() == span.kind()) {
                int count = before.count() + span.count();
                merged.set(
                        merged.size() - 1,
                        new Span(
                                span.kind(),
                                before.start(),
                                Math.max(before.end(), span.end()),
                                count,
                                Show.count(count, "partition", "partitions")));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }

    /** How many partitions are of that kind; of gaps: how many there are. */
    public long count(Kind kind) {
        return spans.stream()
                .filter(span -> span.kind() == kind)
                .mapToLong(span -> Math.max(1, span.count()))
                .sum();
    }

    /** "12 past, 1 now, 4 ahead": what there is, in words. */
    public String words() {
        List<String> words = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (count(kind) > 0) {
                words.add(
                        kind == Kind.GAP
                                ? Show.count(count(kind), "gap", "gaps")
                                : Show.count(count(kind)) + " " + kind.word());
            }
        }
        return String.join(", ", words);
    }

    private static double at(String bound, KeyLine line) {
        OptionalDouble at = line.at(bound);
        return at.isPresent() ? at.getAsDouble() : Double.NaN;
    }

    private static double place(double at, double low, double high) {
        return (at - low) / (high - low) * 100;
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.2f", Math.clamp(value, 0, 100));
    }

    private static String title(String name, PartitionRange range) {
        return name + ": " + Show.visible(range.getFrom()) + " to " + Show.visible(range.getTo());
    }
}
