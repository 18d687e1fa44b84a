package dev.caretaker.server.detect;

/** What conversions of plain tables tell the checks; provided by whoever keeps conversions. */
public interface ConversionFacts {

    /**
     * Conversions of a target that were left half-way, a JSON array of objects: conversion (its id), schema, table, reason (a
     * sentence), prepared (name of the partitioned table that may have been made), and indexes (names of those that may have
     * been built).
     */
    String of(String target);
}
