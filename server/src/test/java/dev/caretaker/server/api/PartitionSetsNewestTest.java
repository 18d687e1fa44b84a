package dev.caretaker.server.api;

import dev.caretaker.server.testing.TestPostgres;

class PartitionSetsNewestTest extends PartitionSetsThroughTheApiSuite {
    PartitionSetsNewestTest() {
        super(TestPostgres.newest());
    }
}
