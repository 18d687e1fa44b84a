package dev.caretaker.server.run.job;

/**
 * Where a step with a job stands: nowhere. A job has a snapshot, or a half-made database, that ends with its sessions.
 *
 * @param begun whether some attempt was begun
 */
record JobCursor(boolean begun) {}
