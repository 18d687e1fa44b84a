package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import java.util.UUID;

/** What the steps of a conversion are given. */
public record ConversionParameters(UUID conversionId, ConversionOrder order) {}
