/**
 * Work that is frozen. {@link dev.caretaker.server.schedule.hold.Holds} sets and releases; that nothing starts meanwhile is
 * seen to where runs are accepted, and {@code HoldKeeper} pauses what runs and lets it go on.
 */
package dev.caretaker.server.schedule.hold;
