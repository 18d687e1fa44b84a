/**
 * What a plan is made from, asked of the target: {@code FactsReader} and {@code PolicyFactsReader} gather {@code Facts} ({@code
 * Ages} of partitions, {@code Rights} of the role, {@code Measuring} and {@code Probing} for what is removed and what that costs,
 * {@code Asking} for what may take long), and {@code Pieces} cuts a table into what can be dropped, what is deleted by rows, and
 * what holds nothing old.
 */
package dev.caretaker.server.cleanup.plan.facts;
