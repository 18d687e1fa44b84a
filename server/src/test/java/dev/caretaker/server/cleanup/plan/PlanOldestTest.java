package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.testing.TestPostgres;

class PlanOldestTest extends PlanSuite {
    PlanOldestTest() {
        super(TestPostgres.oldest());
    }
}
