package dev.caretaker.server.backup.external;

import dev.caretaker.server.config.BackupToolsConfig.Source;
import dev.caretaker.server.config.BackupToolsConfig.Tool;
import java.io.IOException;
import java.util.List;

/** How a tool is asked what it has, and what its answer means. An answer may hold more than is known here, or less. */
sealed interface Reader permits PgBackRest, Barman, WalG {

    static Reader of(Tool tool) {
        return switch (tool) {
            case PGBACKREST -> new PgBackRest();
            case BARMAN -> new Barman();
            case WAL_G -> new WalG();
        };
    }

    List<String> arguments(Source source);

    /** Reads what the tool wrote. Fails with IOException, whose message is a clause, if that is not what was asked for. */
    SeenBackups read(String output, Source source) throws IOException;
}
