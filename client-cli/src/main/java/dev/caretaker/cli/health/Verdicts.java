package dev.caretaker.cli.health;

import dev.caretaker.v1.HealthVerdict;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a verdict that is bad. */
public final class Verdicts implements ITypeConverter<HealthVerdict> {
    @Override
    public HealthVerdict convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "attention" -> HealthVerdict.HEALTH_VERDICT_ATTENTION;
            case "critical" -> HealthVerdict.HEALTH_VERDICT_CRITICAL;
            default -> throw new TypeConversionException("'" + text + "' is not attention or critical");
        };
    }
}
