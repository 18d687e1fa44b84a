package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class VacuumOldestTest extends VacuumSuite {
    VacuumOldestTest() {
        super(TestPostgres.oldest());
    }
}
