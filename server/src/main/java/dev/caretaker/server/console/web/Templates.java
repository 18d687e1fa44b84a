package dev.caretaker.server.console.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.inject.Singleton;
import java.util.Map;

/** Writes HTML. What pages look like is in the templates under {@code src/main/jte/console}, which are classes of the server. */
@Singleton
final class Templates {
    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Templates.class.getClassLoader(), "dev.caretaker.server.console.html");
    private final Assets assets;

    Templates(Assets assets) {
        this.assets = assets;
    }

    String render(String template, Frame frame, Object view) {
        StringOutput out = new StringOutput();
        engine.render(template, Map.of("frame", frame, "view", view), out);
        return out.toString();
    }

    String assetsVersion() {
        return assets.version();
    }
}
