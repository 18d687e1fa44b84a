/**
 * Traces of runs, sent by OTLP where an endpoint is configured: a run, its steps beneath it, and beneath those the batches that
 * were slow, failed, or drawn by chance. It listens to what the engine does and has no part in it.
 */
package dev.caretaker.server.trace;
