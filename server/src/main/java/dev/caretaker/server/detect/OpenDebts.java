package dev.caretaker.server.detect;

import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.store.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What runs have left at a target, as checks get it. */
final class OpenDebts {
    private OpenDebts() {}

    /** A JSON array, see {@link Feeds}. */
    static String json(Debts debts, String target) {
        return json(debts.list(Debts.Filter.open(target)));
    }

    static String json(List<DebtView> debts) {
        return Json.write(debts.stream().map(OpenDebts::fields).toList());
    }

    private static Map<String, Object> fields(DebtView debt) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("run", debt.runId());
        fields.put("kind", debt.kind());
        fields.put("schema", debt.object().schema());
        fields.put("object", debt.object().name());
        fields.put("message", debt.message());
        fields.put("answer", debt.answer());
        fields.put("attempts", debt.attempts());
        fields.put("since", debt.incurred());
        return fields;
    }
}
