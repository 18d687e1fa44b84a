package dev.caretaker.cli.backups;

import dev.caretaker.cli.output.TableNames;
import dev.caretaker.v1.TableName;
import java.util.List;
import picocli.CommandLine.Option;

/** What of a database or a backup is meant. */
public final class PartOptions {
    @Option(names = "--schema", paramLabel = "NAME", description = "Only this schema; may be repeated.")
    private List<String> schemas = List.of();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only this table, with its partitions; may be repeated.")
    private List<String> tables = List.of();

    List<String> schemas() {
        return schemas;
    }

    List<TableName> tables() {
        return names(tables);
    }

    static List<TableName> names(List<String> tables) {
        return tables.stream().map(TableNames::parse).toList();
    }
}
