package dev.caretaker.server.run;

/**
 * How far a statement is.
 *
 * @param phase in Postgres' words, for example "scanning heap"
 * @param fraction share that is done, 0 to 1; negative if unknown
 * @param bytesDone bytes processed so far, 0 if unknown
 */
public record StatementProgress(String phase, double fraction, long bytesDone) {}
