package dev.caretaker.server.console.page;

import com.google.protobuf.Duration;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.show.Spans;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.Filter;
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
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the fields of a form into a policy. What the form does not have stays as it was. */
final class PolicyForm {
    private PolicyForm() {}

    /**
     * @param before what the form was made from
     * @param problems gets a sentence for each field that cannot be read; it stays as it was
     */
    static Policy read(Request request, Policy before, List<String> problems) {
        Policy.Builder policy = before.toBuilder()
                .setName(request.field("name"))
                .setTarget(request.field("target"))
                .setDescription(request.field("description"))
                .setTimeColumn(TimeColumn.newBuilder()
                        .setName(request.text("time-column"))
                        .setKind(kind(request.field("kind")))
                        .setZone(request.field("zone")))
                .setRetention(tried(
                        problems, before.getRetention(), () -> retention(request.field("keep"), before.getRetention())))
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
        filter(request, policy, problems);
        limits(request, policy, problems);
        return policy.build();
    }

    private static <T> T tried(List<String> problems, T before, Supplier<T> read) {
        try {
            return read.get();
        } catch (BadRequest e) {
            problems.add(e.getMessage());
            return before;
        }
    }

    private static void filter(Request request, Policy.Builder policy, List<String> problems) {
        if (!hasConditions(request)) {
            return;
        }
        Optional<Filter> before = policy.hasFilter() ? Optional.of(policy.getFilter()) : Optional.empty();
        Optional<Filter> after = tried(problems, before, () -> Condition.filter(Condition.read(request)));
        policy.clearFilter();
        after.ifPresent(policy::setFilter);
    }

    /** Whether the form has the filter as conditions; else it stays as it was. */
    static boolean hasConditions(Request request) {
        return request.isChecked("conditions");
    }

    private static void limits(Request request, Policy.Builder policy, List<String> problems) {
        PolicyLimits before = policy.getLimits();
        PolicyLimits.Builder limits = before.toBuilder()
                .setMaxRows(tried(problems, before.getMaxRows(), () -> whole(request.field("max-rows"))))
                .setMaxFraction(tried(problems, before.getMaxFraction(), () -> share(request.field("max-percent"))));
        if (request.field("deadline").isEmpty()) {
            limits.clearDeadline();
        } else {
            limits.setDeadline(tried(problems, before.getDeadline(), () -> deadline(request.field("deadline"))));
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

    /** As it was where its text is that of before: a zone may be written in more than one way. */
    private static Retention retention(String text, Retention before) {
        return text.equals(KeepText.write(before)) ? before : KeepText.read(text);
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

    private static long whole(String text) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("The most rows of a run have to be a whole number that is not too large.");
        }
    }

    private static Duration deadline(String text) {
        return Spans.read(text)
                .map(Moments::duration)
                .orElseThrow(() -> new BadRequest("The longest time of a run is written like 2h, 90m or 1h30m."));
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
