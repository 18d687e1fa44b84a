package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class UpkeepNewestTest extends UpkeepSuite {
    UpkeepNewestTest() {
        super(TestPostgres.newest());
    }
}
