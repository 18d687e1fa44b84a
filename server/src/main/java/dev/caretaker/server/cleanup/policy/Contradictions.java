package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.Moments;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds policies of one table of which one makes the other pointless: it removes, as early or earlier, every row that the
 * other would. A short retention for some rows under a longer one for all is no contradiction. Neither is the same retention
 * where the limits of the one may leave rows to the other.
 */
public final class Contradictions {

    private Contradictions() {}

    /**
     * One policy that makes another pointless.
     *
     * @param message one sentence
     */
    public record Contradiction(Policy winner, Policy pointless, String message) {}

    /**
     * @param now instant from which retentions are compared, since months differ in length
     */
    public static List<Contradiction> find(List<Policy> policies, Instant now) {
        List<Contradiction> found = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            for (int j = i + 1; j < policies.size(); j++) {
                between(policies.get(i), policies.get(j), now).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<Contradiction> between(Policy one, Policy other, Instant now) {
        boolean comparable = one.target().equals(other.target())
                && one.table().equals(other.table())
                && one.timeColumn().equals(other.timeColumn());
        if (!comparable) {
            return Optional.empty();
        }
        return overrules(one, other, now).or(() -> overrules(other, one, now));
    }

    private static Optional<Contradiction> overrules(Policy winner, Policy loser, Instant now) {
        int order = winner.retention().cutoff(now).compareTo(loser.retention().cutoff(now));
        boolean leavesSome = order == 0 && !winner.limits().equals(Limits.NONE);
        if (order < 0 || leavesSome || !implies(loser.filter(), winner.filter())) {
            return Optional.empty();
        }
        String message = order == 0
                ? "Policy " + winner.name() + " already removes every row of " + winner.table() + " that policy "
                        + loser.name() + " would."
                : "Policy " + winner.name() + " removes rows of " + winner.table() + " after "
                        + words(winner.retention()) + " that policy " + loser.name() + " would keep for "
                        + words(loser.retention()) + ".";
        return Optional.of(new Contradiction(winner, loser, message));
    }

    /** Whether every row that passes the first filter surely passes the second. */
    static boolean implies(Optional<Filter> narrow, Optional<Filter> broad) {
        List<Filter> conditions = conditions(narrow);
        return conditions(broad).stream()
                .allMatch(wanted -> conditions.stream().anyMatch(given -> implies(given, wanted)));
    }

    private static boolean implies(Filter given, Filter wanted) {
        if (given.equals(wanted)) {
            return true;
        }
        Optional<Choice> some = Choice.of(given);
        Optional<Choice> more = Choice.of(wanted);
        return some.isPresent()
                && more.isPresent()
                && some.get().column().equals(more.get().column())
                && more.get().values().containsAll(some.get().values());
    }

    private static List<Filter> conditions(Optional<Filter> filter) {
        return filter.map(Filters::conjuncts).orElse(List.of());
    }

    private static String words(Retention retention) {
        return switch (retention) {
            case Retention.Fixed fixed -> Moments.span(fixed.duration());
            case Retention.Calendar calendar -> words(calendar.period());
        };
    }

    private static String words(Period period) {
        return Stream.of(
                        unit(period.getYears(), "year", "years"),
                        unit(period.getMonths(), "month", "months"),
                        unit(period.getDays(), "day", "days"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
    }

    private static Optional<String> unit(int number, String one, String many) {
        return number == 0 ? Optional.empty() : Optional.of(Amounts.count(number, one, many));
    }

    /** A column that equals one of several values. */
    private record Choice(String column, Set<Constant> values) {
        static Optional<Choice> of(Filter filter) {
            return switch (filter) {
                case Filter.Compare(String column, Filter.Operator operator, Constant value)
                when operator == Filter.Operator.EQUAL -> Optional.of(new Choice(column, Set.of(value)));
                case Filter.In(String column, List<Constant> values) ->
                    Optional.of(new Choice(column, new HashSet<>(values)));
                default -> Optional.empty();
            };
        }
    }
}
