/**
 * Writes the figures of reports as pages. What a page looks like is in the templates under {@code src/main/jte}, which are
 * turned into classes when Caretaker is built. Both languages escape by default: HTML by JTE itself, Markdown by
 * {@link dev.caretaker.server.report.page.MarkdownOutput}.
 */
package dev.caretaker.server.report.page;
