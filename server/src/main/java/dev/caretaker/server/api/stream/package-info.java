/** Streams of run events to clients that may be slow, or gone. */
package dev.caretaker.server.api.stream;
