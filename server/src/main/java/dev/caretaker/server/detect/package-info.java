/**
 * Finds what is wrong with a target. A check is one SQL file under {@code resources/checks}; {@link
 * dev.caretaker.server.detect.Detector} runs them and {@link dev.caretaker.server.detect.Findings} remembers what they
 * found. {@code CheckFolder} and {@code CheckFile} read the files; {@code CheckRunner} runs one check, {@code Subjects} says
 * what for, {@code CheckStatement} puts in what its names stand for, and {@code Harvest} reads the rows.
 */
package dev.caretaker.server.detect;
