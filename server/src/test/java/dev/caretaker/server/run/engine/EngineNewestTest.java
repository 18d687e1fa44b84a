package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class EngineNewestTest extends EngineSuite {
    EngineNewestTest() {
        super(TestPostgres.newest());
    }
}
