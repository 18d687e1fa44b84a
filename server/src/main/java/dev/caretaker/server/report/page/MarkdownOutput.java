package dev.caretaker.server.report.page;

import gg.jte.TemplateOutput;

/** Escapes what templates print, so that it stays text of one line wherever it stands: in a sentence, a list or a table. */
final class MarkdownOutput implements TemplateOutput {
    private final TemplateOutput page;

    MarkdownOutput(TemplateOutput page) {
        this.page = page;
    }

    @Override
    public void writeContent(String value) {
        page.writeContent(value);
    }

    @Override
    public void writeContent(String value, int beginIndex, int endIndex) {
        page.writeContent(value, beginIndex, endIndex);
    }

    @Override
    public void writeUserContent(String value) {
        if (value != null) {
            page.writeContent(Markdown.text(value));
        }
    }
}
