/**
 * The gRPC API: one endpoint a service, which maps messages, checks them and passes on. What a caller may see of errors is
 * in {@code error}, who a caller is in {@code security}, how mutations are done once and recorded in {@code command}.
 */
package dev.caretaker.server.api;
