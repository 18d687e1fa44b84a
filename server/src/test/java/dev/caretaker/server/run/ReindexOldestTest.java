package dev.caretaker.server.run;

import dev.caretaker.server.testing.TestPostgres;

class ReindexOldestTest extends ReindexSuite {
    ReindexOldestTest() {
        super(TestPostgres.oldest());
    }
}
