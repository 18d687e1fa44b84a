package dev.caretaker.cli.file;

import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.terminal.Environment;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What commands that store things from files have in common: the files, a dry run, and how the answer is told. */
public final class ApplyOptions {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "File to read, - for standard input. May be given several times.")
    private List<String> files;

    @Option(names = "--dry-run", description = "Check against the database's catalog, but store nothing.")
    private boolean dryRun;

    /** What the server warned of one of the things. */
    public record Warned(String name, List<String> warnings) {}

    /** Puts an example of such a file below the usage. */
    public static void explain(CommandSpec spec, String example) {
        spec.usageMessage()
                .footer(("\nA file looks like this:\n\n" + example)
                        .replace("%", "%%")
                        .split("\n"));
    }

    /** Whether nothing is to be stored. */
    public boolean dryRun() {
        return dryRun;
    }

    /** What is in all of the files, in their order. */
    public <T> List<T> read(Environment environment, Function<InputFile, List<T>> reader) {
        return files.stream()
                .map(file -> InputFile.read(environment, file))
                .flatMap(file -> reader.apply(file).stream())
                .toList();
    }

    /** Heading of the column that tells what became of each thing. */
    public String resultHeading() {
        return dryRun ? "WOULD BE" : "RESULT";
    }

    /** Prints what became of the things and what the server warned of. */
    public void tell(Page page, Table results, List<Warned> things) {
        page.table(results);
        for (Warned thing : things) {
            thing.warnings()
                    .forEach(warning -> page.paragraph("", Style.CAREFUL, "warning: " + thing.name() + ": " + warning));
        }
        if (dryRun) {
            page.line(Style.DIM, "Nothing was stored.");
        }
    }
}
