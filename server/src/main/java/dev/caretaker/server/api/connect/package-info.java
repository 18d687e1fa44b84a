/**
 * The API for whoever speaks HTTP: the Connect protocol over the services as they are. A call goes through a channel within the
 * process, so that callers, errors, validation and idempotency are those of gRPC.
 */
package dev.caretaker.server.api.connect;
