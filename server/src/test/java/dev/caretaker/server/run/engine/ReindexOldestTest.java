package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres;

class ReindexOldestTest extends ReindexSuite {
    ReindexOldestTest() {
        super(TestPostgres.oldest());
    }
}
