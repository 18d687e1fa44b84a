package dev.caretaker.server.report.observe;

import dev.caretaker.server.report.observe.Observation.Counter;
import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.Observation.Statements;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mean time of the statements that mention a table, before a run and after it. Before: all calls since the server's statistics
 * began, up to the run. After: the calls between its end and the look a day later, by the difference of the counters of each
 * statement. A counter that fell has begun anew in between, so that what it shows has happened since; a statement that is no
 * longer there was dropped from the statistics, and is missing.
 *
 * @param before empty if unknown, or if there was no call
 * @param after the same
 * @param notes what limits the comparison, sentences
 */
public record StatementTimes(Optional<Mean> before, Optional<Mean> after, List<String> notes) {

    /**
     * A mean over calls.
     *
     * @param milliseconds of a call
     * @param from empty: not told by the version of pg_stat_statements
     */
    public record Mean(double milliseconds, long calls, Optional<Instant> from, Instant to) {}

    static StatementTimes of(Observation observation, TableName table) {
        List<String> notes = new ArrayList<>();
        Optional<Mean> before = observation.before().flatMap(look -> before(look, table, notes));
        Optional<Mean> after =
                observation.after().isPresent() && observation.later().isPresent()
                        ? after(observation.after().get(), observation.later().get(), table, notes)
                        : Optional.empty();
        return new StatementTimes(before, after, notes.stream().distinct().toList());
    }

    private static Optional<Mean> before(Look look, TableName table, List<String> notes) {
        if (!told(look, notes)) {
            return Optional.empty();
        }
        return mean(
                counters(look.statements(), table).values().stream().toList(),
                look.statements().since(),
                look.at());
    }

    private static Optional<Mean> after(Look end, Look later, TableName table, List<String> notes) {
        if (!told(end, notes) || !told(later, notes)) {
            return Optional.empty();
        }
        Statements first = end.statements();
        Statements second = later.statements();
        boolean restarted = !first.serverStarted().equals(second.serverStarted());
        if (restarted) {
            notes.add("The server was restarted in between.");
        }
        boolean reset = !first.since().equals(second.since());
        if (reset) {
            notes.add("The statistics of statements were reset in between, on "
                    + second.since().map(at -> Moments.second(at).toString()).orElse("an unknown day")
                    + ": what is told is from then on.");
            return mean(counters(second, table).values().stream().toList(), second.since(), later.at());
        }
        if (evicted(first, second)) {
            notes.add("The server dropped rare statements from its statistics in between: some calls are missing.");
        }
        Map<String, Counter> old = counters(first, table);
        Map<String, Counter> now = counters(second, table);
        List<Counter> since = new ArrayList<>();
        now.forEach((statement, counter) -> since.add(difference(old.get(statement), counter)));
        long anew = now.entrySet().stream()
                .filter(entry -> old.containsKey(entry.getKey())
                        && old.get(entry.getKey()).calls() > entry.getValue().calls())
                .count();
        long gone = old.keySet().stream()
                .filter(statement -> !now.containsKey(statement))
                .count();
        if (anew > 0) {
            notes.add("Statements that began to be counted anew in between: " + anew + ".");
        }
        if (gone > 0) {
            notes.add("Statements that are no longer in the statistics, or no longer among the most costly: " + gone
                    + ".");
        }
        return mean(since, Optional.of(end.at()), later.at());
    }

    private static boolean evicted(Statements first, Statements second) {
        return first.evicted().isPresent()
                && second.evicted().isPresent()
                && second.evicted().getAsLong() > first.evicted().getAsLong();
    }

    private static Counter difference(Counter old, Counter now) {
        return old == null || old.calls() > now.calls()
                ? now
                : new Counter(now.calls() - old.calls(), Math.max(0, now.milliseconds() - old.milliseconds()));
    }

    /** Whether something is known of statements; what hinders it is noted. */
    private static boolean told(Look look, List<String> notes) {
        Statements statements = look.statements();
        if (statements == null || !look.problem().isEmpty()) {
            notes.add(look.problem());
            return false;
        }
        if (!statements.isAvailable()) {
            notes.add("The times of statements are not known: " + statements.unavailable() + ".");
            return false;
        }
        if (statements.unseen() > 0) {
            notes.add("The role may not see the text of some statements of others, which are missing: GRANT"
                    + " pg_read_all_stats TO it.");
        }
        return true;
    }

    private static Map<String, Counter> counters(Statements statements, TableName table) {
        return statements.byTable().getOrDefault(table.toString(), Map.of());
    }

    private static Optional<Mean> mean(List<Counter> counters, Optional<Instant> from, Instant to) {
        long calls = counters.stream().mapToLong(Counter::calls).sum();
        double time = counters.stream().mapToDouble(Counter::milliseconds).sum();
        return calls == 0 ? Optional.empty() : Optional.of(new Mean(time / calls, calls, from, to));
    }
}
