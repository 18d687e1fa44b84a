package dev.caretaker.server.detect; class HorizonChecksTest {}
