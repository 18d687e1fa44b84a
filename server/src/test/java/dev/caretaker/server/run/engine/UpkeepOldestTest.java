package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class UpkeepOldestTest extends UpkeepSuite {
    UpkeepOldestTest() {
        super(TestPostgres.oldest());
    }
}
