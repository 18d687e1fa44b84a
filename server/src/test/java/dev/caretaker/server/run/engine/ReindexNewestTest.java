package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class ReindexNewestTest extends ReindexSuite {
    ReindexNewestTest() {
        super(TestPostgres.newest());
    }
}
