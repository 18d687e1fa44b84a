package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.PlanWriter;
import dev.caretaker.server.api.mapping.PolicyReader;
import dev.caretaker.server.api.mapping.PolicyWriter;
import dev.caretaker.server.api.mapping.TableNames;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.cleanup.policy.AppliedPolicy;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policies.PolicyPage;
import dev.caretaker.server.cleanup.policy.PolicyChange;
import dev.caretaker.server.cleanup.policy.PolicySuggestions;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplyPoliciesResponse;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.DeletePolicyResponse;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.GetPolicyResponse;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.SuggestPolicyRequest;
import dev.caretaker.v1.SuggestPolicyResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps the retention policies. */
@Singleton
final class PolicyEndpoint extends PolicyServiceGrpc.PolicyServiceImplBase {
    private static final int MOST_POLICIES = 500;
    private static final int USUAL_PAGE = 100;

    private final Policies policies;
    private final PolicySuggestions suggestions;
    private final Commands commands;

    PolicyEndpoint(Policies policies, PolicySuggestions suggestions, Commands commands) {
        this.policies = policies;
        this.suggestions = suggestions;
        this.commands = commands;
    }

    @Override
    public void applyPolicies(ApplyPoliciesRequest request, StreamObserver<ApplyPoliciesResponse> observer) {
        boolean validateOnly = request.getValidateOnly();
        Replies.send(observer, commands.execute(request, validateOnly, ApplyPoliciesResponse.parser(), violations -> {
            List<PolicyChange> changes =
                    changes(violations, request.getPoliciesList(), request.getPruneTargetsCount() > 0);
            return new Command<>(
                    targets(request),
                    Map.of("policies", names(request.getPoliciesList())),
                    actor -> answer(
                            policies.apply(changes, Set.copyOf(request.getPruneTargetsList()), actor, validateOnly)),
                    () -> Optional.of(applied(request)),
                    answer -> Map.of("results", results(answer)));
        }));
    }

    @Override
    public void listPolicies(ListPoliciesRequest request, StreamObserver<ListPoliciesResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Policies.LARGEST_PAGE);
        Optional<String> target = Optional.of(request.getTarget()).filter(name -> !name.isEmpty());
        PolicyPage page = violations.checked(() -> policies.list(target, at.size(), at.after()));
        Replies.send(
                observer,
                ListPoliciesResponse.newBuilder()
                        .addAllPolicies(
                                page.policies().stream().map(PlanWriter::write).toList())
                        .setNextPageToken(paging.next(page.nextPageToken()))
                        .build());
    }

    @Override
    public void getPolicy(GetPolicyRequest request, StreamObserver<GetPolicyResponse> observer) {
        Violations violations = new Violations();
        violations.required("name", request.getName());
        StoredPolicy policy = violations.checked(() -> policies.get(optional(request.getTarget()), request.getName()));
        Replies.send(
                observer,
                GetPolicyResponse.newBuilder()
                        .setPolicy(PlanWriter.write(policy))
                        .build());
    }

    @Override
    public void suggestPolicy(SuggestPolicyRequest request, StreamObserver<SuggestPolicyResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        TableName table = TableNames.read(violations, "table", request.hasTable(), request.getTable());
        Replies.send(
                observer,
                PolicyWriter.write(violations.checked(() -> suggestions.suggest(request.getTarget(), table))));
    }

    @Override
    public void deletePolicy(DeletePolicyRequest request, StreamObserver<DeletePolicyResponse> observer) {
        Replies.send(observer, commands.execute(request, DeletePolicyResponse.parser(), violations -> {
            violations.required("name", request.getName());
            return new Command<>(
                    request.getTarget(),
                    Map.of("policy", request.getName()),
                    actor -> deleted(policies.delete(
                            optional(request.getTarget()), request.getName(), etag(request.getEtag()), actor)),
                    // It is gone, and so is what it was: its name is all that can be told again.
                    () -> Optional.of(DeletePolicyResponse.newBuilder()
                            .setPolicy(Policy.newBuilder()
                                    .setTarget(request.getTarget())
                                    .setName(request.getName()))
                            .build()),
                    answer -> Map.of("target", answer.getPolicy().getTarget()));
        }));
    }

    private static List<PolicyChange> changes(Violations violations, List<Policy> messages, boolean mayBeNone) {
        violations.require(
                (mayBeNone || !messages.isEmpty()) && messages.size() <= MOST_POLICIES,
                "policies",
                "must hold 1 to 500 policies");
        Map<String, Integer> seen = new HashMap<>();
        List<PolicyChange> changes = new ArrayList<>();
        for (int i = 0; i < Math.min(messages.size(), MOST_POLICIES); i++) {
            Policy message = messages.get(i);
            String path = "policies[" + i + "]";
            Integer earlier = seen.putIfAbsent(message.getTarget() + "/" + message.getName(), i);
            violations.require(
                    earlier == null || message.getName().isEmpty(),
                    path + ".name",
                    "is the name of policies[" + earlier + "] of the same target too");
            changes.add(new PolicyChange(PolicyReader.read(violations, path, message), etag(message.getEtag())));
        }
        return changes;
    }

    private static Optional<String> etag(String text) {
        return optional(text);
    }

    private static Optional<String> optional(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    private static ApplyPoliciesResponse answer(List<AppliedPolicy> applied) {
        return ApplyPoliciesResponse.newBuilder()
                .addAllPolicies(applied.stream().map(PlanWriter::write).toList())
                .build();
    }

    /** The policies as they are now: applied again they would not change. Fails if one was deleted since. */
    private ApplyPoliciesResponse applied(ApplyPoliciesRequest request) {
        return answer(request.getPoliciesList().stream()
                .map(message -> new AppliedPolicy(
                        policies.get(Optional.of(message.getTarget()), message.getName()),
                        AppliedPolicy.Result.UNCHANGED,
                        List.of()))
                .toList());
    }

    private static DeletePolicyResponse deleted(StoredPolicy policy) {
        return DeletePolicyResponse.newBuilder()
                .setPolicy(PlanWriter.write(policy))
                .build();
    }

    private static String targets(ApplyPoliciesRequest request) {
        return Stream.concat(
                        request.getPoliciesList().stream().map(Policy::getTarget),
                        request.getPruneTargetsList().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String names(List<Policy> messages) {
        return messages.stream().map(Policy::getName).collect(Collectors.joining(","));
    }

    private static String results(ApplyPoliciesResponse answer) {
        return answer.getPoliciesList().stream()
                .map(applied -> applied.getPolicy().getName() + " " + applied.getResult())
                .collect(Collectors.joining(","));
    }
}
