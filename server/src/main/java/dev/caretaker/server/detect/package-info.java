/**
 * Finds what is wrong with a target. A check is one SQL file under {@code resources/checks}; {@link
 * dev.caretaker.server.detect.Detector} runs them and {@link dev.caretaker.server.detect.Findings} remembers what they
 * found.
 */
package dev.caretaker.server.detect;
