package dev.caretaker.server.api;

import dev.caretaker.server.detect.ConversionFacts;
import dev.caretaker.server.partition.conversion.Conversion;
import dev.caretaker.server.partition.conversion.Conversions;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the checks of conversions that were left half-way: the two features meet here and nowhere else. */
@Singleton
final class ConversionKnowledge implements ConversionFacts {
    private final Conversions conversions;

    ConversionKnowledge(Conversions conversions) {
        this.conversions = conversions;
    }

    @Override
    public String of(String target) {
        return Json.write(conversions.brokenOff(target).stream()
                .map(ConversionKnowledge::fact)
                .toList());
    }

    private static Map<String, Object> fact(Conversion conversion) {
        ConversionOrder order = conversion.order();
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("conversion", conversion.id());
        fact.put("schema", order.table().name().schema());
        fact.put("table", order.table().name().name());
        fact.put("reason", conversion.reason());
        fact.put("prepared", order.prepared().name());
        fact.put(
                "indexes",
                order.indexes().stream().map(index -> index.name().name()).toList());
        return fact;
    }
}
