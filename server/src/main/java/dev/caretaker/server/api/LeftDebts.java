package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.DebtWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.Debts.Filter;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.ListDebtsRequest;
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
    private final Debts debts;
    private final Targets targets;
    private final Commands commands;

    LeftDebts(Debts debts, Targets targets, Commands commands) {
        this.debts = debts;
        this.targets = targets;
        this.commands = commands;
    }

    List<Debt> list(ListDebtsRequest request) {
        Violations violations = new Violations();
        Optional<UUID> runId = request.getRunId().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(violations.uuid("run_id", request.getRunId()));
        violations.check();
        Optional<String> target = Optional.of(request.getTarget()).filter(name -> !name.isEmpty());
        target.ifPresent(targets::get);
        return write(new Filter(target, runId, request.getIncludeSettled()));
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
