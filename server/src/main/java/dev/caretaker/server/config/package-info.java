/**
 * The configuration, typed, read and checked once at the start: {@link dev.caretaker.server.config.ConfigReader} makes
 * {@link dev.caretaker.server.config.CaretakerConfig} of file and environment, and a reader of its own each of the other
 * records. A key that nothing reads is an error.
 */
package dev.caretaker.server.config;
