/** What stands in the way of a conversion, and every statement of it and of the way back, written in advance. Pure: facts in. */
package dev.caretaker.server.partition.conversion.plan;
