package dev.caretaker.cli.issues;

import dev.caretaker.v1.Severity;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Severities as people write them. */
public final class Severities implements ITypeConverter<Severity> {
    @Override
    public Severity convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "info" -> Severity.SEVERITY_INFO;
            case "warning" -> Severity.SEVERITY_WARNING;
            case "critical" -> Severity.SEVERITY_CRITICAL;
            default -> throw new TypeConversionException("'" + text + "' is not info, warning or critical");
        };
    }
}
