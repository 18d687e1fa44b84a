package dev.caretaker.server.run;

import dev.caretaker.server.testing.TestPostgres;

class EngineNewestTest extends EngineSuite {
    EngineNewestTest() {
        super(TestPostgres.newest());
    }
}
