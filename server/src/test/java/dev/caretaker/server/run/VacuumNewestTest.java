package dev.caretaker.server.run;

import dev.caretaker.server.testing.TestPostgres;

class VacuumNewestTest extends VacuumSuite {
    VacuumNewestTest() {
        super(TestPostgres.newest());
    }
}
