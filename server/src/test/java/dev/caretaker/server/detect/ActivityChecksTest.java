package dev.caretaker.server.detect; class ActivityChecksTest {}
