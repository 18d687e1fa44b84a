package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.util.Optional;

/** What the catalog says of a test's tables. */
final class CatalogFacts {

    private CatalogFacts() {}

    /** Of a table in the schema public that is there. */
    static TableFacts facts(Database database, String name) {
        return read(database, new TableName("public", name)).orElseThrow();
    }

    static Optional<TableFacts> read(Database database, TableName name) {
        return TestTargets.of("app", database).withPrimary(connection -> Catalog.table(connection, name));
    }
}
