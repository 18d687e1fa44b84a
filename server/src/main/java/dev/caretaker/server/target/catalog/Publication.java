package dev.caretaker.server.target.catalog;

/** A publication that a relation is part of, by itself, through its schema, a parent, or FOR ALL TABLES. */
public record Publication(String name, boolean publishesDeletes) {}
