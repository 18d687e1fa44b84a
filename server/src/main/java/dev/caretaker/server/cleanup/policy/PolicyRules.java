package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.error.FieldViolation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a policy must be, whatever its target looks like. */
final class PolicyRules {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    /** Longest identifier of Postgres (NAMEDATALEN - 1). */
    private static final int IDENTIFIER_BYTES = 63;

    private static final int LONGEST_YEARS = 200;
    private static final Duration LONGEST = Duration.ofDays(LONGEST_YEARS * 365L + LONGEST_YEARS / 4);
    private static final int DEEPEST_FILTER = 16;
    private static final int WIDEST_FILTER = 100;
    private static final int LONGEST_LIST = 1_000;
    private static final int LONGEST_DESCRIPTION = 1_000;

    private final String path;
    private final List<FieldViolation> violations = new ArrayList<>();

    private PolicyRules(String path) {
        this.path = path;
    }

    /**
     * @param path of the policy in the request, for example {@code policies[0]}
     * @return what is wrong; empty if nothing is
     */
    static List<FieldViolation> check(Policy policy, String path) {
        PolicyRules rules = new PolicyRules(path);
        rules.names(policy);
        rules.timeColumn(policy.timeColumn());
        rules.retention(policy.retention());
        policy.filter().ifPresent(filter -> FilterWalk.walk(path + ".filter", filter, rules::filter));
        rules.limits(policy.limits());
        rules.require(
                policy.description().length() <= LONGEST_DESCRIPTION
                        && policy.description().indexOf('\0') < 0,
                "description",
                "is at most 1,000 characters, without the character NUL");
        return rules.violations;
    }

    private void names(Policy policy) {
        require(
                NAME.matcher(policy.name()).matches(),
                "name",
                "is 1 to 63 characters of a-z, 0-9, _ and -, and starts with a letter");
        require(!policy.target().isEmpty(), "target", "is required");
        identifier("table.schema", policy.table().schema());
        identifier("table.name", policy.table().name());
        String schema = policy.table().schema();
        require(
                !schema.startsWith("pg_") && !schema.equals("information_schema"),
                "table.schema",
                "is a schema of the system, which is never cleaned");
    }

    private void timeColumn(TimeColumn column) {
        identifier("time_column.name", column.name());
        boolean local = column.kind() == TimeColumn.Kind.TIMESTAMP || column.kind() == TimeColumn.Kind.DATE;
        require(
                !local || column.zone().isPresent(),
                "time_column.zone",
                "is required: values of kind " + column.kind() + " mean nothing without a time zone");
        require(
                local || column.zone().isEmpty(),
                "time_column.zone",
                "is refused: values of kind " + column.kind() + " need no time zone");
    }

    private void retention(Retention retention) {
        switch (retention) {
            case Retention.Fixed fixed -> {
                require(
                        fixed.duration().compareTo(Duration.ofSeconds(1)) >= 0,
                        "retention.duration",
                        "is at least one second");
                require(
                        fixed.duration().compareTo(LONGEST) <= 0,
                        "retention.duration",
                        "is at most " + LONGEST_YEARS + " years");
            }
            case Retention.Calendar calendar -> {
                Period period = calendar.period();
                nonNegative("retention.calendar.years", period.getYears());
                nonNegative("retention.calendar.months", period.getMonths());
                nonNegative("retention.calendar.days", period.getDays());
                require(!period.isZero(), "retention.calendar", "needs at least one positive unit");
                double years = period.getYears() + period.getMonths() / 12.0 + period.getDays() / 365.25;
                require(years <= LONGEST_YEARS, "retention.calendar", "is at most " + LONGEST_YEARS + " years");
            }
        }
    }

    private void filter(String at, int depth, Filter filter) {
        if (depth > DEEPEST_FILTER) {
            violations.add(new FieldViolation(at, "is nested deeper than " + DEEPEST_FILTER + " levels"));
        }
        switch (filter) {
            case Filter.And and -> size(at + ".and.filters", and.filters().size(), WIDEST_FILTER, "filters");
            case Filter.Or or -> size(at + ".or.filters", or.filters().size(), WIDEST_FILTER, "filters");
            case Filter.In in -> size(at + ".in.values", in.values().size(), LONGEST_LIST, "values");
            case Filter.Not not -> {}
            case Filter.Compare compare -> {}
            case Filter.IsNull isNull -> {}
        }
    }

    private void limits(Limits limits) {
        require(limits.maxRows() >= 0, "limits.max_rows", "is not negative");
        require(
                limits.maxFraction() >= 0 && limits.maxFraction() <= 1,
                "limits.max_fraction",
                "is more than 0 and at most 1; 0 means no bound");
        limits.deadline().ifPresent(deadline -> require(deadline.isPositive(), "limits.deadline", "is positive"));
        limits.window()
                .ifPresent(window -> require(
                        !window.start().equals(window.end()), "limits.window.end", "differs from the window's start"));
    }

    private void identifier(String field, String name) {
        boolean fits = !name.isEmpty()
                && name.indexOf('\0') < 0
                && name.getBytes(StandardCharsets.UTF_8).length <= IDENTIFIER_BYTES;
        require(fits, field, "is a name of 1 to 63 bytes, without the character NUL");
    }

    private void nonNegative(String field, int value) {
        require(value >= 0, field, "is not negative");
    }

    private void size(String at, int size, int most, String what) {
        if (size < 1 || size > most) {
            violations.add(new FieldViolation(at, "holds 1 to " + most + " " + what));
        }
    }

    private void require(boolean met, String field, String description) {
        if (!met) {
            violations.add(new FieldViolation(path + "." + field, description));
        }
    }
}
