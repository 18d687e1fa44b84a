package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.DebtWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.Debts.Filter;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.ListDebtsRequest;
import dev.caretaker.v1.ListDebtsResponse;
import dev.caretaker.v1.SettleDebtsRequest;
import dev.caretaker.v1.SettleDebtsResponse;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What runs have left at targets. */
@Singleton
final class LeftDebts {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final Debts debts;
    private final Targets targets;
    private final Commands commands;

    LeftDebts(Debts debts, Targets targets, Commands commands) {
        this.debts = debts;
        this.targets = targets;
        this.commands = commands;
    }

    ListDebtsResponse list(ListDebtsRequest request) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        Optional<UUID> runId = request.getRunId().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(violations.uuid("run_id", request.getRunId()));
        violations.check();
        Optional<String> target = Optional.of(request.getTarget()).filter(name -> !name.isEmpty());
        target.ifPresent(targets::get);
        List<Debt> all = write(new Filter(target, runId, request.getIncludeSettled()));
        List<Debt> rest = at.after().map(id -> after(all, id)).orElse(all);
        List<Debt> page = rest.subList(0, Math.min(at.size(), rest.size()));
        Optional<String> last =
                page.size() < rest.size() ? Optional.of(page.getLast().getDebtId()) : Optional.empty();
        return ListDebtsResponse.newBuilder()
                .addAllDebts(page)
                .setNextPageToken(paging.next(last))
                .build();
    }

    /** Those that come after one; all if it was forgotten meanwhile. */
    private static List<Debt> after(List<Debt> debts, String id) {
        int index = debts.stream().map(Debt::getDebtId).toList().indexOf(id);
        return debts.subList(index + 1, debts.size());
    }

    SettleDebtsResponse settle(SettleDebtsRequest request) {
        return commands.execute(request, SettleDebtsResponse.parser(), violations -> {
            String target = violations.required("target", request.getTarget());
            return new Command<>(
                    target,
                    Map.of(),
                    actor -> {
                        targets.get(target);
                        List<Debt> open = write(Filter.open(target));
                        debts.hurry(target);
                        return SettleDebtsResponse.newBuilder()
                                .addAllDebts(open)
                                .build();
                    },
                    // Asking again asks again.
                    Optional::empty,
                    answer -> Map.of("target", target, "debts", Integer.toString(answer.getDebtsCount())));
        });
    }

    private List<Debt> write(Filter filter) {
        return debts.list(filter).stream().map(DebtWriter::write).toList();
    }
}
