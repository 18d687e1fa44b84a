package dev.caretaker.server.archive;

import java.util.UUID;

/** What a step that verifies an archive has to do. */
public record ArchiveVerifyWork(UUID archive, VerifyLevel level) {}
