/** Errors to {@code google.rpc.Status}: one mapper, one interceptor. */
package dev.caretaker.server.api.error;
