/**
 * The control plane. {@link dev.caretaker.server.Main} starts it. Rooms are features; arrows only run downward: {@code api} →
 * {@code cleanup}, {@code partition}, {@code vacuum}, {@code detect}, … → {@code run} → {@code target}, {@code store} → {@code
 * config}, and {@code error} lies below all.
 */
package dev.caretaker.server;
