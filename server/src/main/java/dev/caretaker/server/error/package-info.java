/**
 * What goes wrong, as a caller gets to see it: {@link dev.caretaker.server.error.CaretakerException} carries a stable
 * {@link dev.caretaker.server.error.Reason} and a sentence that names the thing. Every room may use it.
 */
package dev.caretaker.server.error;
