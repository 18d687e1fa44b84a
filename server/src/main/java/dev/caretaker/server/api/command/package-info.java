/**
 * Every mutation goes through {@link dev.caretaker.server.api.command.Commands}: there it is checked, done at most once a
 * request id, and recorded.
 */
package dev.caretaker.server.api.command;
