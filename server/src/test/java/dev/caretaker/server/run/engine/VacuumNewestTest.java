package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class VacuumNewestTest extends VacuumSuite {
    VacuumNewestTest() {
        super(TestPostgres.newest());
    }
}
