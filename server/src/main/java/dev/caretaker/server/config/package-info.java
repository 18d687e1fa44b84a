/**
 * The configuration, typed, read and checked once at the start. {@link dev.caretaker.server.config.ConfigReader} makes
 * {@link dev.caretaker.server.config.CaretakerConfig} of file and environment; {@link
 * dev.caretaker.server.config.EngineConfig} and {@link dev.caretaker.server.config.ChecksConfig} are bound by Micronaut.
 * A key that nothing reads is an error.
 */
package dev.caretaker.server.config;
