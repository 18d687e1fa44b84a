package dev.caretaker.server.detect; class IntegrityChecksTest {}
