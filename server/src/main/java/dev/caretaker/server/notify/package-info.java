/**
 * Who is told of what. What there is to tell is written by {@link dev.caretaker.server.store.OutboxStore} in the transaction
 * of what causes it; {@code Rules} say which channels are told, {@code Courier} delivers, at least once, and {@code channel}
 * knows how each kind of channel is spoken to. {@link dev.caretaker.server.notify.Notifications} is the door.
 */
package dev.caretaker.server.notify;
