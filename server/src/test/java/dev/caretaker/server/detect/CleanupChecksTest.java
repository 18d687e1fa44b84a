package dev.caretaker.server.detect; class CleanupChecksTest {}
