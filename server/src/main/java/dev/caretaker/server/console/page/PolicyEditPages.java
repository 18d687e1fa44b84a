package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Problem;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.AppliedPolicy;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.SuggestPolicyRequest;
import dev.caretaker.v1.SuggestPolicyResponse;
import dev.caretaker.v1.TableName;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writing policies, as a form or as YAML. Both are checked against the table as one types. */
@Singleton
final class PolicyEditPages implements Pages {
    private static final String YAML = "yaml";
    /** What a form holds of the policy that it began from: fields that it does not show, and the etag. */
    private static final String BEFORE = "before";

    /** The etag of a policy of which there is none yet. */
    private static final String NONE_STORED = "none";

    private static final int BAD_REQUEST = 400;

    @Override
    public void add(Routes routes) {
        routes.get("/policies/new", this::begin);
        routes.get("/policies/{target}/{policy}/edit", this::edit);
        routes.post("/policies/check", this::check);
        routes.post("/policies/convert", this::convert);
        routes.post("/policies/apply", this::apply);
    }

    /** With a table it begins with what the server suggests for that. */
    private Reply begin(Request request) {
        String target = request.query("target");
        String table = request.query("table");
        String schema = request.query("schema").isEmpty() ? "public" : request.query("schema");
        if (target.isEmpty() || table.isEmpty()) {
            Policy empty = Policy.newBuilder()
                    .setTarget(target)
                    .setTable(TableName.newBuilder().setSchema(schema).setName(table))
                    .setAction(PolicyAction.POLICY_ACTION_DELETE)
                    .build();
            return page(
                    request, PolicyEditor.of(empty, isYaml(request), true, Targets.names(request.api()), List.of()));
        }
        SuggestPolicyResponse suggested = request.api()
                .policies()
                .suggestPolicy(SuggestPolicyRequest.newBuilder()
                        .setTarget(target)
                        .setTable(TableName.newBuilder().setSchema(schema).setName(table))
                        .build());
        return page(
                request,
                PolicyEditor.of(
                        suggested.getPolicy(),
                        isYaml(request),
                        true,
                        Targets.names(request.api()),
                        suggested.getNotesList()));
    }

    private Reply edit(Request request) {
        return page(
                request,
                PolicyEditor.of(
                        PolicyPages.get(request), isYaml(request), false, Targets.names(request.api()), List.of()));
    }

    /** A fragment: what would become of it. */
    private Reply check(Request request) {
        return request.page(Section.POLICIES, "Check", "policy/verdict.jte", verdict(request));
    }

    private static PolicyVerdict verdict(Request request) {
        try {
            AppliedPolicy applied =
                    send(request, read(request), true, UUID.randomUUID().toString());
            List<PolicyChange> changes = applied.getResult() == ApplyResult.APPLY_RESULT_UPDATED
                    ? PolicyChange.between(stored(request, applied.getPolicy()), applied.getPolicy())
                    : List.of();
            return new PolicyVerdict(Optional.of(applied), changes, Optional.empty());
        } catch (BadRequest e) {
            return PolicyVerdict.refused(Problem.of("That cannot be done so", e.getMessage()));
        } catch (StatusRuntimeException e) {
            return PolicyVerdict.refused(Problem.of(e));
        }
    }

    private static Policy stored(Request request, Policy named) {
        return request.api()
                .policies()
                .getPolicy(GetPolicyRequest.newBuilder()
                        .setTarget(named.getTarget())
                        .setName(named.getName())
                        .build())
                .getPolicy();
    }

    /** What is written so far, in the other way of writing it; nothing is stored. */
    private Reply convert(Request request) {
        boolean toYaml = request.field("to").equals(YAML);
        try {
            return page(
                    request,
                    PolicyEditor.of(read(request), toYaml, isFresh(request), Targets.names(request.api()), List.of()));
        } catch (BadRequest e) {
            return unread(request, e);
        }
    }

    private Reply apply(Request request) {
        Policy policy;
        try {
            policy = read(request);
        } catch (BadRequest e) {
            return unread(request, e);
        }
        try {
            send(request, policy, false, request.requestId());
        } catch (StatusRuntimeException e) {
            PolicyEditor written =
                    PolicyEditor.of(policy, isYaml(request), isFresh(request), Targets.names(request.api()), List.of());
            return refused(request, Problem.http(e), written.with(request.text(YAML), Problem.of(e)));
        }
        return Reply.seeOther(
                "/policies/" + policy.getTarget() + "/" + policy.getName() + "?done=" + Notice.APPLIED.word());
    }

    /** The page again with all that was written, and what cannot be read of it. */
    private static Reply unread(Request request, BadRequest why) {
        PolicyEditor readable = PolicyEditor.of(
                readable(request), isYaml(request), isFresh(request), Targets.names(request.api()), List.of());
        return refused(
                request,
                BAD_REQUEST,
                readable.with(request.text(YAML), Problem.of("That cannot be done so", why.getMessage()))
                        .asWritten(request));
    }

    private static boolean isFresh(Request request) {
        return !request.field("fresh").isEmpty();
    }

    /** A new policy takes the place of none. */
    private static AppliedPolicy send(Request request, Policy written, boolean validateOnly, String requestId) {
        Policy policy =
                isFresh(request) ? written.toBuilder().setEtag(NONE_STORED).build() : written;
        return request.api()
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(requestId)
                        .setActor(request.actor())
                        .addPolicies(policy)
                        .setValidateOnly(validateOnly)
                        .build())
                .getPolicies(0);
    }

    private static Policy read(Request request) {
        if (isYaml(request)) {
            return PolicyYaml.read(request.text(YAML));
        }
        List<String> problems = new ArrayList<>();
        Policy policy = PolicyForm.read(request, before(request), problems);
        if (!problems.isEmpty()) {
            throw new BadRequest(String.join(" ", problems));
        }
        return policy;
    }

    /** What of a form can be read; of YAML nothing, which is shown as it was written. */
    private static Policy readable(Request request) {
        Policy before = before(request);
        return isYaml(request) ? before : PolicyForm.read(request, before, new ArrayList<>());
    }

    private static Policy before(Request request) {
        if (request.text(BEFORE).isBlank()) {
            throw new BadRequest("The form does not say which policy it began from. Load the page again.");
        }
        return PolicyYaml.read(request.text(BEFORE));
    }

    private static boolean isYaml(Request request) {
        return request.query("as").equals(YAML) || request.field("as").equals(YAML);
    }

    private static Reply page(Request request, PolicyEditor editor) {
        return request.page(Section.POLICIES, title(editor), "policy/edit.jte", editor);
    }

    private static Reply refused(Request request, int status, PolicyEditor editor) {
        return request.refused(status, Section.POLICIES, title(editor), "policy/edit.jte", editor);
    }

    private static String title(PolicyEditor editor) {
        return editor.fresh() ? "New policy" : editor.policy().getName();
    }
}
