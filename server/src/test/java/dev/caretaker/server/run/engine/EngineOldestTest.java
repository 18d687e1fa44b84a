package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class EngineOldestTest extends EngineSuite {
    EngineOldestTest() {
        super(TestPostgres.oldest());
    }
}
