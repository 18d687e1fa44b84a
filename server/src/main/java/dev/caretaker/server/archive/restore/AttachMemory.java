package dev.caretaker.server.archive.restore;

/** @param begun whether the statement was to run */
record AttachMemory(boolean begun) {}
