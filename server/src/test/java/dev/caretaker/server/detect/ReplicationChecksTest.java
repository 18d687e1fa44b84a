package dev.caretaker.server.detect; class ReplicationChecksTest {}
