package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** Reads the fields of a form into a policy. What the form does not have stays as it was. */
final class PolicyForm {
    private static final long HOUR = 3_600;
    private static final String KEEP = "How long rows are kept";

    private PolicyForm() {}

    /** @param before what the form was made from */
    static Policy read(Request request, Policy before) {
        Policy.Builder policy = before.toBuilder()
                .setName(request.field("name"))
                .setTarget(request.field("target"))
                .setDescription(request.field("description"))
                .setTimeColumn(TimeColumn.newBuilder()
                        .setName(request.text("time-column"))
                        .setKind(kind(request.field("kind")))
                        .setZone(request.field("zone")))
                .setRetention(retention(request, before.getRetention()))
                .setAllowCascade(request.isChecked("allow-cascade"))
                .setSkipPinned(request.isChecked("skip-pinned"))
                .setFollowUp(followUp(request.field("follow-up")));
        policy.getTableBuilder().setSchema(request.text("schema")).setName(request.text("table"));
        if (policy.getAllowCascade()) {
            policy.clearCascadeTo();
        }
        if (policy.getAction() == PolicyAction.POLICY_ACTION_UNSPECIFIED) {
            policy.setAction(PolicyAction.POLICY_ACTION_DELETE);
        }
        filter(request, policy);
        limits(request, policy);
        return policy.build();
    }

    private static void filter(Request request, Policy.Builder policy) {
        if (!request.isChecked("conditions")) {
            return;
        }
        List<Condition> conditions = Condition.read(
                request.fields("condition-column"),
                request.fields("condition-operator"),
                request.fields("condition-value"));
        policy.clearFilter();
        Condition.filter(conditions).ifPresent(policy::setFilter);
    }

    private static void limits(Request request, Policy.Builder policy) {
        PolicyLimits.Builder limits = policy.getLimits().toBuilder()
                .setMaxRows(whole(request.field("max-rows"), "The most rows"))
                .setMaxFraction(share(request.field("max-percent")));
        long hours = whole(request.field("deadline-hours"), "The longest time");
        // Only where it was changed: the form shows whole hours.
        if (hours != limits.getDeadline().getSeconds() / HOUR) {
            limits.clearDeadline();
            if (hours > 0) {
                limits.getDeadlineBuilder().setSeconds(seconds(hours, "The longest time"));
            }
        }
        if (request.field("window-start").isEmpty()
                && request.field("window-end").isEmpty()) {
            limits.clearWindow();
        } else {
            limits.setWindow(RunWindow.newBuilder()
                    .setStart(request.field("window-start"))
                    .setEnd(request.field("window-end"))
                    .setZone(request.field("window-zone")));
        }
        if (limits.build().equals(PolicyLimits.getDefaultInstance())) {
            policy.clearLimits();
        } else {
            policy.setLimits(limits);
        }
    }

    private static Retention retention(Request request, Retention before) {
        long number = whole(request.field("keep"), KEEP);
        String unit = request.field("keep-unit");
        Kept kept = Kept.of(before);
        if (kept.number() == number && kept.unit().equals(unit)) {
            return before;
        }
        Retention.Builder retention = Retention.newBuilder();
        if (unit.equals("hours")) {
            retention.getDurationBuilder().setSeconds(seconds(number, KEEP));
            return retention.build();
        }
        CalendarPeriod.Builder calendar = CalendarPeriod.newBuilder();
        if (before.hasCalendar()) {
            calendar.setZone(before.getCalendar().getZone());
        }
        if (number > Integer.MAX_VALUE) {
            throw notWhole(KEEP);
        }
        int units = (int) number;
        switch (unit) {
            case "days" -> calendar.setDays(units);
            case "months" -> calendar.setMonths(units);
            case "years" -> calendar.setYears(units);
            default -> throw new BadRequest("Rows are kept for hours, days, months or years.");
        }
        return retention.setCalendar(calendar).build();
    }

    private static TimeColumnKind kind(String name) {
        return Arrays.stream(TimeColumnKind.values())
                .filter(kind ->
                        kind != TimeColumnKind.UNRECOGNIZED && kind.name().equals(name))
                .findFirst()
                .orElse(TimeColumnKind.TIME_COLUMN_KIND_UNSPECIFIED);
    }

    private static FollowUp followUp(String name) {
        return Arrays.stream(FollowUp.values())
                .filter(one -> one != FollowUp.UNRECOGNIZED && one.name().equals(name))
                .findFirst()
                .orElse(FollowUp.FOLLOW_UP_UNSPECIFIED);
    }

    private static long whole(String text, String what) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw notWhole(what);
        }
    }

    private static long seconds(long hours, String what) {
        try {
            return Math.multiplyExact(hours, HOUR);
        } catch (ArithmeticException e) {
            throw notWhole(what);
        }
    }

    private static BadRequest notWhole(String what) {
        return new BadRequest(what + " has to be a whole number that is not too large.");
    }

    /** Of percent; 0 for no limit. */
    private static double share(String percent) {
        try {
            return percent.isEmpty()
                    ? 0
                    : new BigDecimal(percent).movePointLeft(2).doubleValue();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new BadRequest("The largest share has to be a number.");
        }
    }
}
