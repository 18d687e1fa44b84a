package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.testing.TestPostgres;

class PlanNewestTest extends PlanSuite {
    PlanNewestTest() {
        super(TestPostgres.newest());
    }
}
