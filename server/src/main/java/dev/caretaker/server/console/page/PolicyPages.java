package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Links;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.Policy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Policies: their list, and one. */
@Singleton
final class PolicyPages implements Pages {
    private static final int PAGE = 1_000;
    private static final int LISTED = 200;

    private final PlansInMaking making;

    PolicyPages(PlansInMaking making) {
        this.making = making;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/policies", this::list);
        routes.get("/policies/{target}/{policy}", this::show);
        routes.post("/policies/{target}/{policy}/delete", this::delete);
    }

    private Reply list(Request request) {
        String target = request.query("target");
        String page = request.query("page");
        ListPoliciesResponse answer = request.api()
                .policies()
                .listPolicies(ListPoliciesRequest.newBuilder()
                        .setTarget(target)
                        .setPageSize(LISTED)
                        .setPageToken(page)
                        .build());
        TreeMap<String, List<Policy>> byTarget = answer.getPoliciesList().stream()
                .collect(Collectors.groupingBy(Policy::getTarget, TreeMap::new, Collectors.toList()));
        return request.page(
                Section.POLICIES,
                "Policies",
                "policies.jte",
                new PoliciesView(
                        target,
                        Targets.names(request.api()),
                        byTarget,
                        cut(
                                request.api(),
                                byTarget,
                                !page.isEmpty(),
                                !answer.getNextPageToken().isEmpty()),
                        making.open().stream()
                                .map(one -> new PoliciesView.Planning(
                                        one.request().getTarget(),
                                        Moments.timestamp(one.since()),
                                        Links.to("/planning/" + one.request().getRequestId())))
                                .toList(),
                        page,
                        answer.getNextPageToken()));
    }

    /** How many policies those targets have of which the pages before and after may have some. */
    private static Map<String, Integer> cut(
            Api api, TreeMap<String, List<Policy>> byTarget, boolean before, boolean after) {
        Set<String> cut = new TreeSet<>();
        if (before && !byTarget.isEmpty()) {
            cut.add(byTarget.firstKey());
        }
        if (after && !byTarget.isEmpty()) {
            cut.add(byTarget.lastKey());
        }
        return cut.stream()
                .collect(Collectors.toMap(
                        target -> target, target -> all(api, target).size()));
    }

    private Reply show(Request request) {
        Policy policy = get(request);
        return request.page(Section.POLICIES, policy.getName(), "policy.jte", PolicyView.of(policy));
    }

    private Reply delete(Request request) {
        request.api()
                .policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setTarget(request.variable("target"))
                        .setName(request.variable("policy"))
                        .setEtag(request.field("etag"))
                        .build());
        return Reply.seeOther("/policies?done=" + Notice.DELETED.word());
    }

    static Policy get(Request request) {
        return request.api()
                .policies()
                .getPolicy(GetPolicyRequest.newBuilder()
                        .setTarget(request.variable("target"))
                        .setName(request.variable("policy"))
                        .build())
                .getPolicy();
    }

    /** @param target only its policies; empty means all */
    static List<Policy> all(Api api, String target) {
        return Whole.of(
                token -> api.policies()
                        .listPolicies(ListPoliciesRequest.newBuilder()
                                .setTarget(target)
                                .setPageSize(PAGE)
                                .setPageToken(token)
                                .build()),
                ListPoliciesResponse::getPoliciesList,
                ListPoliciesResponse::getNextPageToken);
    }
}
