package dev.caretaker.server.api;

import dev.caretaker.server.testing.TestPostgres;

class PartitionSetsOldestTest extends PartitionSetsThroughTheApiSuite {
    PartitionSetsOldestTest() {
        super(TestPostgres.oldest());
    }
}
