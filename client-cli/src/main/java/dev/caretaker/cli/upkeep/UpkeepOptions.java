package dev.caretaker.cli.upkeep;

import dev.caretaker.cli.policies.file.WindowText;
import dev.caretaker.cli.units.ByteSizes;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.RunWindow;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of commands that look after tables and indexes. */
public final class UpkeepOptions {
    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            order = 50,
            converter = Durations.Converter.class,
            description = "Longest time the run may take once it works. Default: none.")
    private Duration deadline;

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            order = 51,
            converter = WindowConverter.class,
            description = "Work only then, for example '22:00-05:00 Europe/Berlin'.")
    private RunWindow window;

    @Option(
            names = "--assume-free",
            paramLabel = "SIZE",
            order = 52,
            converter = ByteSizes.Converter.class,
            description = "Free disk space of the target, which Postgres cannot tell. Default: as configured.")
    private Long assumeFree;

    public Optional<com.google.protobuf.Duration> deadline() {
        return Optional.ofNullable(deadline).map(Durations::toProto);
    }

    public Optional<RunWindow> window() {
        return Optional.ofNullable(window);
    }

    /** 0 if nothing is assumed. */
    public long assumeFree() {
        return assumeFree == null ? 0 : assumeFree;
    }

    /** For {@code --window}. */
    static final class WindowConverter implements ITypeConverter<RunWindow> {
        @Override
        public RunWindow convert(String value) {
            try {
                return WindowText.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
