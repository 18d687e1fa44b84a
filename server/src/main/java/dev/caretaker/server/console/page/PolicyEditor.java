package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.FilterWords;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.show.Spans;
import dev.caretaker.server.console.web.Problem;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.TimeColumnKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A policy that is being written.
 *
 * @param policy as far as it is
 * @param yaml the same as text
 * @param asYaml whether it is written as text
 * @param fresh whether it is new
 * @param targets that there are
 * @param notes what the server says of its suggestion
 * @param keep how long rows are kept, as it is written
 * @param deadline longest time of a run, as it is written; empty if there is no limit
 * @param conditions its filter as a form has it; empty if no form can
 * @param problem why it was not stored
 */
public record PolicyEditor(
        Policy policy,
        String yaml,
        boolean asYaml,
        boolean fresh,
        List<String> targets,
        List<String> notes,
        String keep,
        String deadline,
        Optional<List<Condition>> conditions,
        Optional<Problem> problem) {
    /** Empty rows of conditions behind those that there are. */
    private static final int MORE = 2;

    static PolicyEditor of(Policy policy, boolean asYaml, boolean fresh, List<String> targets, List<String> notes) {
        return new PolicyEditor(
                policy,
                PolicyYaml.write(policy),
                asYaml,
                fresh,
                targets,
                notes,
                KeepText.write(policy.getRetention()),
                policy.getLimits().hasDeadline()
                        ? Spans.write(Moments.duration(policy.getLimits().getDeadline()))
                        : "",
                Condition.of(policy),
                Optional.empty());
    }

    /** The same with what was written, and why that was not stored. */
    PolicyEditor with(String written, Problem why) {
        return new PolicyEditor(
                policy,
                written.isEmpty() ? yaml : written,
                asYaml,
                fresh,
                targets,
                notes,
                keep,
                deadline,
                conditions,
                Optional.of(why));
    }

    /** The same with what a form has as it was written, whether that can be read or not. */
    PolicyEditor asWritten(Request request) {
        return asYaml
                ? this
                : new PolicyEditor(
                        policy,
                        yaml,
                        false,
                        fresh,
                        targets,
                        notes,
                        request.field("keep"),
                        request.field("deadline"),
                        PolicyForm.hasConditions(request) ? Optional.of(Condition.written(request)) : conditions,
                        problem);
    }

    /** Whether nothing is written yet: then one says for which table first. */
    public boolean isBlank() {
        return fresh && policy.getName().isEmpty() && !policy.hasTimeColumn();
    }

    /** The policy that a form begins from, as text. */
    public String before() {
        return PolicyYaml.write(policy);
    }

    /** The largest share of the table that a run may remove, in percent; empty if there is no limit. */
    public String percent() {
        double share = policy.getLimits().getMaxFraction();
        return share > 0
                ? BigDecimal.valueOf(share)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString()
                : "";
    }

    /** Rows of the form. */
    public List<Condition> rows() {
        List<Condition> rows = new ArrayList<>(conditions.orElse(List.of()));
        for (int i = 0; i < MORE; i++) {
            rows.add(new Condition("", "=", ""));
        }
        return rows;
    }

    public List<String> operators() {
        return List.of("=", "<>", "<", "<=", ">", ">=", "in", "is null");
    }

    /** The filter as people read it. */
    public String where() {
        return FilterWords.of(policy.getFilter());
    }

    public List<TimeColumnKind> kinds() {
        return Arrays.stream(TimeColumnKind.values())
                .filter(kind ->
                        kind != TimeColumnKind.UNRECOGNIZED && kind != TimeColumnKind.TIME_COLUMN_KIND_UNSPECIFIED)
                .toList();
    }

    public List<FollowUp> followUps() {
        return List.of(FollowUp.FOLLOW_UP_AUTO, FollowUp.FOLLOW_UP_ALWAYS, FollowUp.FOLLOW_UP_NEVER);
    }
}
